{# Every as-of date of a mart that was published. In the working warehouse a mart holds them all; a release's database holds the last
   one, and its folder all, which is where `stillwatch query --analysis` reads this. #}
{% macro history(mart) %}{{ ref(mart) }}{% endmacro %}
