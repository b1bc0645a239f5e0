import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.fingerprints.masking import LONG_PASSAGE, template_of

ARTICLE = " ".join(["word"] * LONG_PASSAGE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Translate 'house' to German.", "translate 'long winding road'  to German."),
        ("What is 17 times 4?", "What is 1,234.5 times 99?"),
        ("Summarise https://a.example/x", "Summarise https://b.example/y?z=1"),
        (f"Summarise the article below.\n\n{ARTICLE}", f"Summarise the article below.\n\n{ARTICLE} and so on"),
        ("Fix this:\n```\na = 1\n```", "Fix this:\n```python\ndef f(): return 2\n```"),
        ("<document>one</document> Grade it.", "<document id='2'>another\n\none</document> Grade it."),
        ("Write to a.b@x.example now", "Write to someone@else.example now"),
        ("Look up 0123456789abcdef0123", "Look up fedcba98765432100000"),
        (
            "Explain \N{LEFT DOUBLE QUOTATION MARK}a\N{RIGHT DOUBLE QUOTATION MARK}",
            "Explain \N{LEFT DOUBLE QUOTATION MARK}b c\N{RIGHT DOUBLE QUOTATION MARK}",
        ),
    ],
)
def test_prompts_that_differ_in_variable_parts_have_one_template(one: str, other: str) -> None:
    assert template_of(one) == template_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Translate 'house' to German.", "Translate 'house' to French."),
        ("Grade this answer.", "Rewrite this answer."),
        ("It's fine, isn't it", "It's bad, isn't it"),
    ],
)
def test_prompts_that_ask_for_something_else_do_not(one: str, other: str) -> None:
    assert template_of(one) != template_of(other)


@given(st.text())
def test_a_template_is_its_own_template_in_spaces_and_case(text: str) -> None:
    template = template_of(text)
    assert template == template.strip()
    assert "  " not in template
    assert template_of(f"  {text}\n") == template


@given(st.integers(), st.integers(min_value=0))
def test_no_digit_is_left(one: int, other: int) -> None:
    assert not any(mark.isdigit() for mark in template_of(f"add {one} to x{other}y"))
