{#
  Half the width of the 95 % interval of intercept + slope x raw, from the standard deviations of both and their
  correlation.
#}
{% macro calibration_margin(raw, intercept_deviation, slope_deviation, correlation) -%}
1.96 * sqrt(greatest(0,
    power({{ intercept_deviation }}, 2)
    + 2 * {{ correlation }} * {{ intercept_deviation }} * {{ slope_deviation }} * cast({{ raw }} as double)
    + power({{ slope_deviation }} * cast({{ raw }} as double), 2)
))
{%- endmacro %}
