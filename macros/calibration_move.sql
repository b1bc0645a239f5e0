{# What an affine calibration adds to log-odds, so that raw plus move is intercept + slope x raw to four decimals; 0 without one. #}
{% macro calibration_move(raw, intercept, slope) -%}
case
    when {{ slope }} is null then cast(0 as decimal(9, 4))
    else cast({{ as_decimal(rounded(intercept ~ ' + ' ~ slope ~ ' * cast(' ~ raw ~ ' as double)', 4), 9, 4) }} - {{ raw }} as decimal(9, 4))
end
{%- endmacro %}
