select * from reviews where list_contains(getvariable('lead_ids'), lead_id) order by decided_at, review_id
