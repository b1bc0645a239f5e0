select * from referrals where case_id = getvariable('case_id') order by referral_id
