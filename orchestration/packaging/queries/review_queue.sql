select * from review_queue where list_contains(getvariable('lead_ids'), lead_id) order by lead_id
