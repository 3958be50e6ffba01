-- What SQL may say of money below `-- uses: currency`: dollars of a UTC day, told in the currency asked for at the rate of
-- that day, or the latest earlier one. Divided at twelve digits, rounded to four; null where there is no rate.
(
    select groupArray((valid_from, usd_rate))
    from (
        select
            valid_from,
            usd_rate
        from exchange_rates
        where currency = {currency:String}
        order by valid_from
    )
) as rates,
-- 0 where there is none.
(day) -> arrayLast(rate -> rate.1 <= day, rates).2 as rate_on,
-- One amount.
(usd, day) -> toDecimal128(round(toDecimal128(usd, 12) / nullIf(rate_on(day), 0), 4), 4) as told,
-- The sum of the amounts of a group: no days without a rate are left out of it, but nothing is needed for no dollars.
(usd, day) -> if(
    max(usd != 0 and rate_on(day) = 0),
    null,
    toDecimal128(round(sum(toDecimal128(usd, 12) / if(rate_on(day) = 0, 1, rate_on(day))), 4), 4)
) as told_sum
