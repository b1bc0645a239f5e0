{#
  One bound of Wilson's score interval of a proportion at 95 % (Wilson 1927; Newcombe 1998, method 3, no continuity
  correction). `bound` is 'lower' or 'upper'. NULL where there were no trials.
#}
{% macro wilson_interval(successes, trials, bound) -%}
{%- if bound not in ['lower', 'upper'] -%}
    {{ exceptions.raise_compiler_error("wilson_interval needs bound 'lower' or 'upper', got '" ~ bound ~ "'") }}
{%- endif -%}
{%- set z_squared = 'cast(3.841458820694124 as double)' -%}
{%- set count = 'cast(' ~ trials ~ ' as double)' -%}
case
    when {{ trials }} > 0 then
        {%- if bound == 'lower' %} greatest(0, {%- else %} least(1, {%- endif %} (
            {{ successes }} + {{ z_squared }} / 2
            {{ '-' if bound == 'lower' else '+' }} sqrt({{ z_squared }} * (
                {{ successes }} * ({{ count }} - {{ successes }}) / {{ count }} + {{ z_squared }} / 4
            ))
        ) / ({{ count }} + {{ z_squared }}))
end
{%- endmacro %}
