{# Whether any of some text columns holds a character that texts of its kind may not. Generated from orchestration/contract/landing.yml by `make docs`; edit that file. #}
{% macro has_foreign_characters(kind, columns) -%}
{%- set patterns = {
    'id': '[^A-Za-z0-9._:/+=~|#@,-]|\\.\\.',
    'text': '[\\x00-\\x1f\\x7f-\\x{9f}\\x{200b}-\\x{200f}\\x{2028}-\\x{202e}\\x{2060}-\\x{2069}\\x{feff}]'
} -%}
{{ holds_match("concat_ws('~', " ~ columns | join(', ') ~ ")", patterns[kind]) }}
{%- endmacro %}
