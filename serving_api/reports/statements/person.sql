/*
title: Who it is for
description: The user as the platform knows them.
source: "issue: monthly statement per creator and vendor"
marts: [users, freelancer_earnings, payouts, vendor_metrics]
grain: One row if the user has signed up, has been booked or paid anything, or sells anything; else none.
order: [user_id]
columns:
  user_id: {type: String, description: The user.}
  role: {type: String, description: "Role of the first signup, else empty."}
*/
select
    {user:String} as user_id,
    coalesce(
        (
            select any(users.role)
            from users
            where users.user_id = {user:String}
        ),
        ''
    ) as role
where
    {user:String} in (select users.user_id from users)
    or {user:String} in (select freelancer_earnings.user_id from freelancer_earnings)
    or {user:String} in (select payouts.user_id from payouts)
    or {user:String} in (select vendor_metrics.vendor_id from vendor_metrics)
order by user_id
