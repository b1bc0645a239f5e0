"""dbt-duckdb's plugin that gives a connection the key for ids, where one is configured.

Belongs here: the variables that `macros/rekeyed.sql` reads. They live as long as the connection and are written nowhere.
"""

from pathlib import Path

from dbt.adapters.duckdb.plugins import BasePlugin
from duckdb import DuckDBPyConnection

from orchestration.privacy.id_keys import configured_id_key
from orchestration.settings import Home


class Plugin(BasePlugin):
    """Sets the padded keys on every connection and cursor of dbt."""

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Give the connection the key."""
        self._give_key(conn)

    def configure_cursor(self, cursor: DuckDBPyConnection) -> None:
        """Give a cursor the key: variables do not pass from a connection to its copies."""
        self._give_key(cursor)

    def _give_key(self, connection: DuckDBPyConnection) -> None:
        path = str(self.creds.path) if self.creds else ":memory:"
        # whatever database dbt has open, a release's too
        key = configured_id_key(Home(root=Path(path).resolve().parent, target="duckdb"))
        for side, pad in key.pads().items() if key else ():
            connection.execute(f"set variable stillwatch_id_{side}_pad = $pad", {"pad": pad})
