SELECT
    date,
    toDecimalString(total_revenue, 2) AS revenue,
    toDecimalString(total_payouts, 2) AS payouts,
    toDecimalString(platform_margin, 2) AS margin,
    active_users AS active,
    wau,
    mau,
    new_users,
    orders_count AS orders,
    messages_sent AS messages,
    round(first_approval_rate, 2) AS approved
FROM marts.daily_metrics
ORDER BY date DESC
LIMIT 7
