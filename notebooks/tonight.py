"""Tonight's queue, one lead of it, and its nights: a marimo notebook on the current release of $STILLWATCH_HOME."""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium")


@app.cell
def opening():
    import json
    import os
    from pathlib import Path

    import duckdb
    import marimo as mo

    # resolved once: a release that is published meanwhile is another one
    release = (Path(os.environ.get("STILLWATCH_HOME", "var/demo")) / "published" / "current").resolve()
    marts = duckdb.connect(str(release / "marts.duckdb"), read_only=True)
    mo.md(f"# Release {release.name}")
    return json, marts, mo, release


@app.cell
def queue(marts, mo):
    leads = marts.sql(
        """
        select
            review_queue.priority, review_queue.lead_id, review_queue.subject_type, review_queue.subject_id,
            review_queue.selection, review_queue.severity, review_queue.due_at, scores.score, scores.lower, scores.upper,
            review_queue.why
        from review_queue
        left join scores
            on review_queue.subject_type = scores.subject_type and review_queue.subject_id = scores.subject_id
        order by review_queue.priority
        """
    ).pl()
    mo.ui.table(leads, selection=None)
    return (leads,)


@app.cell
def choosing(leads, mo):
    lead = mo.ui.dropdown(leads["lead_id"].to_list(), value=leads["lead_id"][0] if leads.height else None, label="Lead")
    lead
    return (lead,)


@app.cell
def subject(lead, leads):
    chosen = leads.filter(leads["lead_id"] == lead.value)
    subject_type, subject_id = (chosen[name][0] if chosen.height else None for name in ("subject_type", "subject_id"))
    return subject_id, subject_type


@app.cell
def reasons(json, marts, mo, subject_id, subject_type):
    found = marts.sql(
        "select reasons from scores where subject_type = ? and subject_id = ?", params=[subject_type, subject_id]
    ).fetchall()
    told = json.loads(found[0][0]) if found else []
    rows = [
        {"log-odds": each["contribution"], "resale log-odds": each["resale_contribution"], "reason": each["text"]}
        for each in told
    ]
    mo.ui.table(rows, selection=None, wrapped_columns=["reason"], page_size=20)
    return (told,)


@app.cell
def nights(marts, mo, release, subject_id, subject_type):
    by_night = marts.sql(
        "select as_of_date, round(score, 4) as score, round(lower, 4) as lower, round(upper, 4) as upper "
        f"from '{release}/parquet/scores/*.parquet' "
        "where subject_type = ? and subject_id = ? order by as_of_date",
        params=[subject_type, subject_id],
    ).pl()
    mo.ui.table(by_night, selection=None)
    return (by_night,)


if __name__ == "__main__":
    app.run()
