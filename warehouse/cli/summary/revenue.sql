SELECT
    stream,
    toDecimalString(sum(gross_usd), 2) AS gross,
    toDecimalString(sum(refund_usd), 2) AS refunds,
    toDecimalString(sum(net_usd), 2) AS net,
    sum(transaction_count) AS transactions,
    sum(unconverted_count) AS unconverted
FROM marts.revenue
WHERE date > (SELECT max(date) FROM marts.daily_metrics) - 30
GROUP BY stream
ORDER BY sum(net_usd) DESC
