"""A prompt's template: the prompt with its variable parts masked.

Belongs here: what counts as variable. The rules follow log parsing, where a line's template is what stays when numbers,
identifiers and quoted values are taken out (He et al., Drain, ICWS 2017), and add what prompts have and log lines have not:
passages of text that are worked on, code and tagged documents.
"""

import re
import unicodedata

LONG_PASSAGE = 40
"""Words from which on a paragraph counts as material that is worked on, and not as instruction."""
_MASKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("<code>", re.compile(r"```.*?(```|\Z)", re.DOTALL)),
    ("<document>", re.compile(r"<(document|text|context|article|passage|input|data)\b[^>]*>.*?</\1\s*>", re.DOTALL)),
    ("<url>", re.compile(r"\b(?:https?|ftp)://\S+|\bwww\.\S+")),
    ("<mail>", re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.-]+\b")),
    ("<id>", re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b(?=[0-9a-f]*\d)[0-9a-f]{16,}\b")),
    ("<quoted>", re.compile(r"\"[^\"\n]+\"|“[^”\n]+”|«[^»\n]+»|„[^“\n]+“|(?<!\w)'[^'\n]{2,}'(?!\w)|`[^`\n]+`")),
    ("<number>", re.compile(r"(?<!\w)[+-]?\d[\d.,:/]*\d%?|(?<!\w)[+-]?\d%?|\d+")),
)
_PASSAGE = "<passage>"
_SPACE = re.compile(r"\s+")
_PARAGRAPH = re.compile(r"\n\s*\n")


def template_of(prompt: str) -> str:
    """Return a prompt's template: one spelling and case, variable parts as marks, spaces as one.

    Masked are code, tagged documents, addresses, identifiers, quoted values, numbers, and paragraphs of `LONG_PASSAGE` words and
    more. Two prompts that differ only there have one template; a template that was reworded is another one.
    """
    text = unicodedata.normalize("NFKC", prompt).lower()
    for mark, pattern in _MASKS[:2]:
        text = pattern.sub(mark, text)
    paragraphs = [_PASSAGE if len(part.split()) >= LONG_PASSAGE else part for part in _PARAGRAPH.split(text)]
    text = "\n\n".join(paragraphs)
    for mark, pattern in _MASKS[2:]:
        text = pattern.sub(mark, text)
    return _SPACE.sub(" ", text).strip()
