-- What SQL may say of a figure beside that of the period before, below `-- uses: comparison`: that one, and the change from
-- it as a fraction of its size; null where there was nothing before.
(now, before) -> cast(
    (before, toFloat64(now - before) / nullIf(abs(toFloat64(before)), 0)),
    'Tuple(previous ' || toTypeName(before) || ', change Nullable(Float64))'
) as compared
