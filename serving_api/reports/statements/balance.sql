/*
title: Account
description: The balance before the first day, what moved in the days, and the balance after the last, in US dollars.
source: "issue: monthly statement per creator and vendor"
marts: [freelancer_earnings, payouts]
grain: One row.
order: [opening_usd]
columns:
  opening_usd: {type: "Decimal(38, 4)", description: Balance before the first day.}
  earnings_usd: {type: "Decimal(38, 4)", description: Earned.}
  fees_usd: {type: "Decimal(38, 4)", description: Fees.}
  refunds_usd: {type: "Decimal(38, 4)", description: Refunds.}
  payouts_usd: {type: "Decimal(38, 4)", description: Paid out.}
  closing_usd: {type: "Decimal(38, 4)", description: Balance after the last day.}
  unconverted_count: {type: UInt64, description: "Bookings and payouts up to the last day without a rate to US dollars, missing above."}
*/
with movements as (
    select
        date,
        earnings_usd,
        fees_usd,
        refunds_usd,
        toDecimal64(0, 4) as payouts_usd,
        unconverted_count
    from freelancer_earnings
    where user_id = {user:String} and date <= {end:Date}
    union all
    select
        date,
        toDecimal64(0, 4) as earnings_usd,
        toDecimal64(0, 4) as fees_usd,
        toDecimal64(0, 4) as refunds_usd,
        amount_usd as payouts_usd,
        unconverted_count
    from payouts
    where user_id = {user:String} and date <= {end:Date}
)

select
    sumIf(
        movements.earnings_usd - movements.fees_usd - movements.refunds_usd - movements.payouts_usd,
        movements.date < {start:Date}
    ) as opening_usd,
    sumIf(movements.earnings_usd, movements.date >= {start:Date}) as earnings_usd,
    sumIf(movements.fees_usd, movements.date >= {start:Date}) as fees_usd,
    sumIf(movements.refunds_usd, movements.date >= {start:Date}) as refunds_usd,
    sumIf(movements.payouts_usd, movements.date >= {start:Date}) as payouts_usd,
    opening_usd + earnings_usd - fees_usd - refunds_usd - payouts_usd as closing_usd,
    sum(movements.unconverted_count) as unconverted_count
from movements
order by opening_usd
