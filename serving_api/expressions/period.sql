-- What SQL may say of periods below `-- uses: period`, in which hours may be asked for: the first day of the one that a day
-- is in, and the instant at which the hour of a quarter of an hour begins in the zone asked for, null for longer ones.
(day) -> toDate(dateTrunc(replaceOne({granularity:String}, 'hour', 'day'), day)) as period_of,
(quarter) -> if(
    {granularity:String} = 'hour',
    quarter - toIntervalMinute(toMinute(toTimeZone(quarter, {tz:String}))),
    null
) as hour_of
