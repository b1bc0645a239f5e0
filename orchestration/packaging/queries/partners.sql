select * from partners order by partner, partner_version
