/*
path: /analytics/freelancer/overview
summary: Overview of a freelancer
description: What the freelancer has achieved in all his time, and what is open.
source: "freelance-marketplace-analytics-plan.md: GET /analytics/freelancer/overview"
marts: [freelancer_overview, freelancer_earnings, exchange_rates]
roles: [admin, analyst, freelancer]
shape: object
parameters: [userId, currency]
columns:
  totalEarnings: {type: "Nullable(Decimal(38, 4))", description: Earnings; null when a day with any has no rate., of: freelancer_overview.total_earnings_usd}
  jobsCompleted: {type: UInt64, description: Contracts that ended in success., of: freelancer_overview.jobs_completed}
  jss: {type: Nullable(Float64), description: "Job success score, 0 to 100; null without a contract completed in its window."}
  activeProposals: {type: UInt64, description: "Proposals not accepted so far, for jobs neither filled nor closed.", of: freelancer_overview.active_proposals}
*/
-- uses: currency
select
    (
        select told_sum(earnings_usd, date)
        from freelancer_earnings
        where user_id = {userId:String}
    ) as totalEarnings,
    sum(jobs_completed) as jobsCompleted,
    max(freelancer_overview.jss) as jss,
    sum(active_proposals) as activeProposals
from freelancer_overview
where user_id = {userId:String}
