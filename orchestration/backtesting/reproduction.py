"""The check that the champion, scored again, is what was published: only then can history be compared with it.

Belongs here: comparing every cell of scores and queue.
"""

import duckdb

from orchestration.backtesting.challenger import RuleSet
from orchestration.backtesting.result import Reproduction
from orchestration.backtesting.scratch import BacktestError


class ReproductionError(RuntimeError):
    """The champion, scored again, is not what was published: history cannot be compared with it."""


def check_reproduction(connection: duckdb.DuckDBPyConnection, champion: RuleSet) -> Reproduction:
    """Compare every cell of the champion's rows, scored again, with what was published.

    Raises BacktestError for nights of another rule set version, ReproductionError when a row differs.
    """
    versions = connection.execute(
        "select as_of_date, max(ruleset_version) from published.scores where ruleset_version <> ? group by all order by all",
        [champion.version],
    ).fetchall()
    if versions:
        raise BacktestError(
            f"{versions[0][0]} to {versions[-1][0]} were scored with rule set {versions[0][1]}, the champion is "
            f"{champion.version}; give --from after {versions[-1][0]}"
        )
    counts: list[int] = []
    within = "where as_of_date >= (select min(as_of_date) from published.scores)"
    for published, again in (("published.scores", "main.scores"), ("published.review_queue", "computed.review_queue")):
        columns = ", ".join(f'"{column}"' for column in connection.table(published).columns)
        was, now = f"select {columns} from {published} {within}", f"select {columns} from {again} {within}"
        differing = f"({was} except all {now}) union all ({now} except all {was})"
        odd = connection.execute(f"select as_of_date, subject_type, subject_id from ({differing}) order by all").fetchall()
        if odd:
            raise ReproductionError(
                f"the champion does not come out as published: {len(odd)} rows of {published.split('.')[1]} differ, the first "
                f"{odd[0][1]} {odd[0][2]} on {odd[0][0]}. Code has changed since those nights: run "
                f"`stillwatch backfill --from {odd[0][0]} --to {odd[-1][0]}` with this code, then the backtest again"
            )
        counts.append(int(connection.execute(f"select count(*) from {published}").fetchall()[0][0]))
    return Reproduction(score_rows=counts[0], queue_rows=counts[1])
