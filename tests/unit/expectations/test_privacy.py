"""What passes the first, cheap look for personal values is of no kind that the list knows."""

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.privacy import PLAIN, PLAIN_LENGTH, privacy_list


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(text=st.from_regex(PLAIN, fullmatch=True).map(lambda text: text[:PLAIN_LENGTH]))
def test_a_plain_text_is_of_no_kind(text: str) -> None:
    for kind in privacy_list().values:
        (found,) = duckdb.execute(f"select {kind.condition('value')} from (select ? as value)", [text]).fetchall()
        assert not found[0], (text, kind)
