-- Published revenue, and the last rate to be seen in it for each currency.
SELECT
    currency,
    sum(gross_usd) AS revenue_usd,
    toFloat64(argMaxIf(gross_usd, date, gross_amount > 0 AND unconverted_count = 0))
    / nullIf(toFloat64(argMaxIf(gross_amount, date, gross_amount > 0 AND unconverted_count = 0)), 0) AS usd_rate
FROM marts.revenue
GROUP BY currency
