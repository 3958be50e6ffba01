/*
title: Outstanding balances
description: >-
  What the platform owes to those who earn on it, at the end of the last day: everything earned up to then, less fees,
  refunds and payouts. The first day of the report does not matter. Escrow is nobody's yet and is left out.
source: "creator-platform-epic-07-analytics-reporting.md: US-7.8, outstanding balance report"
marts: [freelancer_earnings, payouts]
grain: One row per user with a balance other than 0, or with amounts without a rate.
order: [user_id]
columns:
  user_id: {type: String, description: Who earns.}
  earnings_usd: {type: "Decimal(38, 4)", total: true, description: Earnings up to the day in US dollars.}
  refunds_usd: {type: "Decimal(38, 4)", total: true, description: Refunds up to the day.}
  fees_usd: {type: "Decimal(38, 4)", total: true, description: Fees up to the day.}
  payouts_usd: {type: "Decimal(38, 4)", total: true, description: Payouts up to the day.}
  balance_usd: {type: "Decimal(38, 4)", total: true, description: "Earnings less fees, refunds and payouts; below zero where more was paid out than earned."}
  unconverted_count: {type: UInt64, total: true, description: Bookings and payouts without a rate; where there are any the balance is not complete.}
*/
with movements as (
    select
        user_id,
        earnings_usd,
        refunds_usd,
        fees_usd,
        toDecimal64(0, 4) as payouts_usd,
        unconverted_count
    from freelancer_earnings
    where date <= {end:Date}
    union all
    select
        user_id,
        toDecimal64(0, 4) as earnings_usd,
        toDecimal64(0, 4) as refunds_usd,
        toDecimal64(0, 4) as fees_usd,
        amount_usd as payouts_usd,
        unconverted_count
    from payouts
    where date <= {end:Date}
)

select
    movements.user_id as user_id,
    sum(movements.earnings_usd) as earnings_usd,
    sum(movements.refunds_usd) as refunds_usd,
    sum(movements.fees_usd) as fees_usd,
    sum(movements.payouts_usd) as payouts_usd,
    earnings_usd - fees_usd - refunds_usd - payouts_usd as balance_usd,
    sum(movements.unconverted_count) as unconverted_count
from movements
group by user_id
having balance_usd != 0 or unconverted_count > 0
order by user_id
