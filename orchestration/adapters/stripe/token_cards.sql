-- The card behind a wallet's token, where it is known. A wallet pays with a number of the device's own, which has a fingerprint
-- of its own, so that one card shows as several. Last digits, brand, funding and country are many people's; held by one customer
-- who has few cards they are one card's, but for about one in a thousand. So a token stands for the card of some customer that
-- agrees in all four and, since a token belongs to a single card, does so wherever it is used. A token that agrees with several
-- cards, that no customer holds beside its card, or whose export lacks one of the four keeps its own fingerprint.
-- Cost: a card that only wallets use stays several values; an indicator that names a token's fingerprint is not met by charges
-- whose token was resolved; and charges of before come again when a second instrument of a customer tells what a token is.
with

described as (

    select distinct
        instruments.customer_id,
        instruments.fingerprint,
        instruments.brand,
        instruments.last_4,
        instruments.funding,
        instruments.country,
        instruments.is_token,
        instruments.wallet_type
    from instruments
    where instruments.customer_id is not null and instruments.fingerprint is not null

),

-- what a wallet paid with may be a token though no digits of it are exported
cards as (

    select * from described
    where not is_token and wallet_type is null

),

-- of the hundred cards of one who tries stolen ones, some agree with a token by chance
few_cards as (

    select cards.customer_id
    from cards
    group by cards.customer_id
    having count(distinct cards.fingerprint) <= 10

),

agreeing as (

    select
        described.fingerprint,
        cards.fingerprint as card_fingerprint
    from described
    inner join cards
        on described.customer_id = cards.customer_id
        and described.brand = cards.brand
        and described.last_4 = cards.last_4
        and described.funding = cards.funding
        and described.country = cards.country
    inner join few_cards on described.customer_id = few_cards.customer_id
    where described.is_token and described.fingerprint not in (select fingerprint from cards)

),

alone as (

    select
        agreeing.fingerprint,
        min(agreeing.card_fingerprint) as card_fingerprint
    from agreeing
    group by agreeing.fingerprint
    having count(distinct agreeing.card_fingerprint) = 1

)

select * from alone
