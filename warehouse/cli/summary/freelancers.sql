SELECT
    freelancer_id,
    jss,
    contracts_completed AS contracts,
    contracts_successful AS successful,
    round(avg_feedback_score, 2) AS feedback,
    toDecimalString(contract_value_usd, 2) AS value_usd,
    long_term_clients
FROM marts.job_success_score
WHERE freelancer_id IN (SELECT freelancer_id FROM marts.job_success_score ORDER BY jss DESC, contracts_completed DESC, freelancer_id LIMIT 3)
    OR freelancer_id IN (SELECT freelancer_id FROM marts.job_success_score ORDER BY jss, contracts_completed DESC, freelancer_id LIMIT 3)
ORDER BY jss DESC, contracts DESC, freelancer_id
