INSERT INTO judged
SELECT
    received_seq,
    event_id,
    occurred_at,
    reason,
    multiIf(
        reason != '', '',
        event_type IN ('billing.payment_success', 'payment.completed', 'order.created'), 'revenue',
        event_type = 'placement.made' AND properties['fee'] != '', 'revenue',
        event_type = 'financial.recorded' AND properties['category'] = 'Fee', 'revenue',
        event_type = 'payment.refunded', 'refund',
        event_type = 'financial.recorded' AND properties['category'] = 'Refund', 'refund',
        event_type = 'payout.processed', 'payout',
        ''
    ) AS direction,
    if(properties['currency'] = '', 'USD', properties['currency']) AS currency,
    toDecimal128OrZero(properties[if(event_type = 'placement.made', 'fee', 'amount')], 4) AS amount
FROM
(
    {judgement}
)
