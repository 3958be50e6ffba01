SELECT
    role,
    sum(new_users) AS new_users,
    round(avg(daily), 1) AS active_per_day,
    sum(day_signins) AS signins
FROM
(
    SELECT role, date, sum(new_users) AS new_users, sum(active_users) AS daily, sum(signins) AS day_signins
    FROM marts.user_metrics
    WHERE date > (SELECT max(date) FROM marts.daily_metrics) - 30
    GROUP BY role, date
)
GROUP BY role
ORDER BY active_per_day DESC
