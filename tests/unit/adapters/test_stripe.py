"""Stripe as objects and as tables: which charge is whose, what became of it, how it was paid, and what is not landed."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from expectations.runner import GateSettings, History, validate_sources
from orchestration.adapters.errors import AdapterError
from orchestration.adapters.settings import read_sources
from orchestration.adapters.shipped import read_adapter
from orchestration.cli_landing import land as land_command
from tests.postgres import Postgres
from tests.unit.expectations.landing import delivered

from .stripe_exports import DAY, NOON, Export, Object, charge, customer, event, iso, paid_by

APPLE = {"type": "apple_pay", "dynamic_last4": "9999"}
SCHEMAS = Path(__file__).parents[4] / "shared" / "data" / "schemas"


@pytest.fixture
def export(tmp_path: Path) -> Export:
    return Export(tmp_path)


class TestAccounts:
    def test_a_charge_is_its_customers_accounts_whoever_else_it_names(self, export: Export) -> None:
        export.write([customer("cus_1", "acct_a"), charge("ch_1", metadata={"account_id": "acct_b"})]).land()
        assert export.of_charge("ch_1", "account_id") == export.key.text("account", "acct_a")

    def test_a_customer_that_names_none_leaves_the_word_to_the_charge(self, export: Export) -> None:
        export.write([customer("cus_1"), charge("ch_1", metadata={"account_id": "acct_b"})]).land()
        assert export.of_charge("ch_1", "account_id") == export.key.text("account", "acct_b")

    @pytest.mark.parametrize("others", [[], [customer("cus_1")], [customer("cus_1", metadata=None)]])
    def test_without_a_word_the_customer_stands_for_itself(self, export: Export, others: list[Object]) -> None:
        export.write([*others, charge("ch_1")]).land()
        assert export.of_charge("ch_1", "account_id") == export.key.text("account", "cus_1")

    def test_the_first_of_the_settings_names_that_is_there_counts(self, tmp_path: Path) -> None:
        export = Export(tmp_path, account_from=["org's id", "tenant"])
        export.write(
            [
                customer("cus_1", metadata={"tenant": "t", "org's id": "o"}),
                customer("cus_2", metadata={"tenant": "t", "org's id": " "}),
                charge("ch_1"),
                charge("ch_2", customer="cus_2"),
            ]
        ).land()
        assert export.of_charge("ch_1", "account_id") == export.key.text("account", "o")
        assert export.of_charge("ch_2", "account_id") == export.key.text("account", "t")

    def test_a_guests_charge_is_left_out_and_counted_unless_it_names_an_account(self, export: Export) -> None:
        named = charge("ch_2", customer=None, metadata={"account_id": "acct_b"})
        landed = export.write([charge("ch_1", customer=None), named]).land()
        assert landed.left_out == {"Stripe charges of guests, which name neither a customer nor an account": 1}
        assert export.by_charge("account_id") == {export.key.text("charge", "ch_2"): export.key.text("account", "acct_b")}

    def test_a_deleted_customer_keeps_its_charges_and_tells_nothing_more(self, export: Export) -> None:
        gone = {"id": "cus_1", "object": "customer", "deleted": True}
        was = customer("cus_1", "acct_a", email="who@x.example")
        landed = export.write([was, charge("ch_1"), event(gone, 1, "customer.deleted")]).land()
        assert export.of_charge("ch_1", "account_id") == export.key.text("account", "acct_a")
        assert landed.left_out == {"Stripe customers that were deleted": 1}

    def test_an_expanded_customer_is_its_id(self, export: Export) -> None:
        export.write([customer("cus_1", "acct_a"), charge("ch_1", customer=customer("cus_1"))]).land()
        assert export.of_charge("ch_1", "account_id") == export.key.text("account", "acct_a")

    def test_what_customers_tell_supplements_accounts_of_another_system(self, export: Export) -> None:
        tables = export.folder / "own"
        tables.mkdir()
        accounts = "".join(
            json.dumps({"account_id": name, "created_at": "2025-01-01", "tier": "paid", "status": "active"}) + "\n"
            for name in ("acct_a", "acct_b", "acct_c")
        )
        (tables / "accounts.jsonl").write_text(accounts, encoding="utf-8")
        export.more = {"own_tables": {"folder": "own"}}
        later = customer("cus_2", "acct_a", created=NOON, email="other@y.example", phone="+49 30 1234-567")
        first = customer("cus_1", "acct_a", email=" Ann.Lee7@X.example ", address={"country": "de", "line1": "Long Street 1"})
        misfiled = customer("cus_3", "acct_b", address={"country": "12 Long Street"}, email="no address", phone="none")
        export.write([later, first, misfiled, customer("cus_4", "acct_d")]).land()
        columns = ("email_domain", "email_hash", "email_pattern_hash", "phone_hash", "declared_country", "created_at", "tier")
        key = export.key
        told = {row[0]: row[1:] for row in export.rows("accounts", "account_id", *columns)}
        opened = datetime(2025, 1, 1)
        assert told == {
            # column by column the oldest customer that says something
            key.text("account", "acct_a"): (
                "x.example",
                key.number("email", "ann.lee7@x.example"),
                key.number("email_pattern", "aaa.aaa0"),
                key.number("phone", "+49301234567"),
                "DE",
                opened,
                "paid",
            ),
            key.text("account", "acct_b"): (None, None, None, None, None, opened, "paid"),
            key.text("account", "acct_c"): (None, None, None, None, None, opened, "paid"),
        }


class TestOutcomes:
    @pytest.mark.parametrize(
        ("changed", "status", "code"),
        [
            ({}, "succeeded", None),
            ({"status": "pending"}, "pending", None),
            ({"status": "failed", "failure_code": "card_declined"}, "failed", "card_declined"),
            ({"status": "failed", "outcome": {"type": "issuer_declined", "reason": "do_not_honor"}}, "failed", "do_not_honor"),
            ({"status": "failed", "outcome": {"network_status": "declined_by_network"}}, "failed", "declined_by_network"),
            (
                {
                    "status": "failed",
                    "failure_code": "card_declined",
                    "outcome": {"type": "blocked", "reason": "highest_risk_level", "network_status": "not_sent_to_network"},
                },
                "failed",
                "highest_risk_level",
            ),
            (
                {"status": "failed", "outcome": {"type": "blocked", "network_status": "not_sent_to_network"}},
                "failed",
                "not_sent_to_network",
            ),
            ({"status": "failed", "outcome": None}, "failed", None),
        ],
    )
    def test_a_charge_failed_for_what_stripe_says(self, export: Export, changed: Object, status: str, code: str | None) -> None:
        export.write([charge("ch_1", **changed)]).land()
        assert export.rows("billing_charges", "status", "failure_code") == [(status, code)]

    def test_amounts_stay_minor_units_also_where_a_currency_has_none(self, export: Export) -> None:
        export.write([charge("ch_1", amount=500, currency="jpy"), charge("ch_2", amount=501, currency="USD")]).land()
        assert export.rows("billing_charges", "amount", "currency") == [(500, "jpy"), (501, "usd")]

    def test_refunds_that_succeeded_count_where_the_charge_does_not_know_them_yet(self, export: Export) -> None:
        def refund(name: str, of: str, amount: int, status: str) -> Object:
            return {"id": name, "object": "refund", "charge": of, "amount": amount, "status": status}

        failed_later = [refund("re_3", "ch_1", 300, "succeeded"), refund("re_3", "ch_1", 300, "failed")]
        partial = charge("ch_2", amount_refunded=700)
        refunds = [refund("re_1", "ch_1", 200, "succeeded"), refund("re_2", "ch_1", 100, "succeeded"), *failed_later]
        silent = charge("ch_3", amount_refunded=None)
        export.write([charge("ch_1"), partial, silent, *refunds, refund("re_4", "ch_2", 500, "succeeded")]).land()
        assert export.of_charge("ch_1", "amount_refunded") == 300
        assert export.of_charge("ch_2", "amount_refunded") == 700
        assert export.of_charge("ch_3", "amount_refunded") is None

    def test_a_dispute_makes_a_charge_disputed_and_an_inquiry_or_a_warning_does_not(self, export: Export) -> None:
        def dispute(name: str, of: str, reason: str, status: str, created: int = NOON) -> Object:
            return {"id": name, "object": "dispute", "charge": of, "reason": reason, "status": status, "created": created}

        warning = {"id": "issfr_1", "object": "radar.early_fraud_warning", "charge": "ch_4", "fraud_type": "misc"}
        export.write(
            [
                *(charge(f"ch_{n}") for n in range(1, 5)),
                charge("ch_5", disputed=True),
                charge("ch_6", disputed=None),
                dispute("du_1", "ch_1", "general", "needs_response"),
                dispute("du_2", "ch_1", "fraudulent", "won", NOON + 5),
                dispute("du_3", "ch_3", "general", "warning_needs_response"),
                warning,
            ]
        ).land()
        found = export.by_charge("disputed || ' ' || coalesce(dispute_reason, '')")
        assert found == {
            export.key.text("charge", name): words
            for name, words in {
                "ch_1": "true fraudulent", "ch_2": "false ", "ch_3": "false ", "ch_4": "false ", "ch_5": "true ",
                "ch_6": "false ",
            }.items()
        }  # fmt: skip

    def test_silence_is_unknown_where_no_dispute_is_exported(self, export: Export) -> None:
        export.write([charge("ch_1", disputed=None)]).land()
        assert export.of_charge("ch_1", "disputed") is None

    def test_test_mode_and_what_has_no_id_are_left_out_and_counted(self, export: Export) -> None:
        objects = [charge("ch_1", livemode=False), charge("ch_2"), customer("cus_9", livemode=False), charge("x", id=None)]
        landed = export.write([*objects, {"no": "object"}]).land()
        assert export.rows("billing_charges", "charge_id") == [(export.key.text("charge", "ch_2"),)]
        assert landed.left_out == {
            "Stripe charges in test mode": 1,
            "Stripe charges without an id": 1,
            "Stripe customers in test mode": 1,
            "Texts that say no kind (`object`), so none of Stripe's": 1,
        }


class TestStates:
    def test_the_newest_event_counts_whatever_the_order_of_lines(self, export: Export) -> None:
        states = [event(charge("ch_1", amount_refunded=n), n) for n in (1, 3, 2)]
        export.write([*states, charge("ch_1", amount_refunded=0)]).land()
        assert export.rows("billing_charges", "amount_refunded") == [(3,)]

    def test_a_page_lists_the_newest_of_one_second_first(self, export: Export) -> None:
        states = [event(charge("ch_1", amount_refunded=n), 1) for n in (2, 1)]
        export.write([{"object": "list", "data": states}]).land()
        assert export.rows("billing_charges", "amount_refunded") == [(2,)]

    def test_of_objects_without_a_moment_the_last_in_the_order_of_files_counts(self, export: Export) -> None:
        export.write([charge("ch_1", amount_refunded=3)], "charges-2026-01-02.jsonl")
        export.write([charge("ch_1", amount_refunded=1), charge("ch_1", amount_refunded=2)], "charges-2026-01-01.jsonl").land()
        assert export.rows("billing_charges", "amount_refunded") == [(3,)]

    @pytest.mark.slow
    def test_the_order_of_lines_holds_over_files_that_are_read_at_once(self, export: Export) -> None:
        count = 8_000
        for part in range(4):
            lines = [charge(f"ch_{n}", amount_refunded=part) for n in range(part, count, 4 if part < 3 else 1)]
            export.write(lines, f"part-{part}.jsonl")
        export.land()
        # the last file holds nearly all charges once more
        assert export.rows("billing_charges", "amount_refunded", "count(*) over ()")[-1] == (3, count)
        late = export.rows("billing_charges", "count(*) filter (amount_refunded <> 3)")
        assert late == [(3,)]

    def test_pages_events_and_plain_objects_are_read_alike(self, export: Export) -> None:
        page = {"object": "list", "has_more": False, "data": [charge("ch_1"), charge("ch_2")]}
        (export.exported / "page.json").write_text(json.dumps(page, indent=2), encoding="utf-8")
        events = {"object": "list", "data": [event(charge("ch_3"), 1), event(customer("cus_1", "acct_a"), 1)]}
        export.write([events, charge("ch_4"), {"object": "list", "data": []}], "mixed.ndjson").land()
        (export.exported / "array.json").write_text(json.dumps([charge("ch_5")]), encoding="utf-8")
        export.land()
        names = [export.key.text("charge", f"ch_{n}") for n in range(1, 6)]
        assert sorted(export.by_charge("amount")) == sorted(names)
        assert {row[0] for row in export.rows("billing_charges", "account_id")} == {export.key.text("account", "acct_a")}

    def test_only_a_charge_that_changed_is_delivered_again_and_also_when_it_changes_back(self, export: Export) -> None:
        def run(days: int, refunded: int) -> Any:
            export.write([charge("ch_1", amount_refunded=refunded), charge("ch_2")])
            return export.land(DAY + timedelta(days=days)).rows.get("billing_charges")

        assert run(0, 0) == {DAY: 2}
        assert run(0, 0) is None
        assert run(1, 900) == {DAY + timedelta(days=1): 1}
        assert run(2, 900) == {DAY + timedelta(days=2): 0}
        assert run(3, 0) == {DAY + timedelta(days=3): 1}
        one = export.key.text("charge", "ch_1")
        states = export.rows("billing_charges", "arrived_on", "charge_id", "amount_refunded")
        assert [row[1:] for row in states if row[1] == one] == [(one, 0), (one, 900), (one, 0)]

    def test_a_charge_of_after_the_runs_day_waits_for_its_own(self, export: Export) -> None:
        export.write([charge("ch_1"), charge("ch_2", created=NOON + 3 * 86_400)])
        assert export.land().left_out == {"Stripe, billing_charges of after 2026-01-10 for a later run": 1}
        assert export.rows("billing_charges", "charge_id") == [(export.key.text("charge", "ch_1"),)]
        later = export.land(DAY + timedelta(days=5))
        assert (later.left_out, later.rows["billing_charges"][date(2026, 1, 12)]) == ({}, 1)


class TestInstruments:
    @pytest.mark.parametrize(
        ("details", "fingerprint"),
        [
            ({"us_bank_account": {"fingerprint": "fp_bank", "last4": "6789"}}, "fp_bank"),
            ({"sepa_debit": {"fingerprint": "fp_sepa", "country": "DE"}}, "fp_sepa"),
            ({"paypal": {"payer_id": "PAYER", "payer_email": "who@x.example"}}, "PAYER"),
            ({"link": {"country": "US"}}, None),
            ({"card": {"fingerprint": None}}, None),
            (None, None),
        ],
    )
    def test_each_kind_has_its_own_fingerprint(self, export: Export, details: Object | None, fingerprint: str | None) -> None:
        export.write([charge("ch_1", payment_method_details=details)]).land()
        expected = export.key.text("payment_method", fingerprint) if fingerprint else None
        assert export.rows("billing_charges", "payment_method_fingerprint") == [(expected,)]

    def test_a_charge_without_details_is_paid_with_the_method_or_card_that_it_names(self, export: Export) -> None:
        bare: Object = {"payment_method_details": None}
        method = {
            "id": "pm_1",
            "object": "payment_method",
            "card": {"fingerprint": "fp_1", "funding": "prepaid", "country": "gb"},
        }
        card = {"id": "card_2", "object": "card", "fingerprint": "fp_2", "tokenization_method": "android_pay"}
        bank = {"id": "ba_3", "object": "bank_account", "fingerprint": "fp_3", "customer": "cus_1"}
        charges = [
            charge("ch_1", **bare),
            charge("ch_2", **bare, payment_method=None, source={"id": "card_2", "object": "card"}),
            charge("ch_3", **bare, payment_method="ba_3"),
        ]
        export.write([*charges, method, card, bank]).land()
        columns = ("payment_method_funding", "payment_method_country", "payment_method_wallet_type")
        found = {row[0]: row[1:] for row in export.rows("billing_charges", "payment_method_fingerprint", *columns)}
        hashed = [export.key.text("payment_method", name) for name in ("fp_1", "fp_2", "fp_3")]
        assert found == {
            hashed[0]: ("prepaid", "GB", None),
            hashed[1]: (None, None, "google_pay"),
            hashed[2]: (None, None, None),
        }

    def fingerprint_of(self, export: Export, name: str) -> Any:
        known = {export.key.text("payment_method", each): each for each in ("fp_card", "fp_token", "fp_other")}
        return known[export.of_charge(name, "payment_method_fingerprint")]

    def test_a_wallets_token_is_its_card_wherever_it_is_used_once_one_customer_shows_both(self, export: Export) -> None:
        export.write(
            [
                charge("ch_1"),
                paid_by("ch_2", wallet=APPLE, fingerprint="fp_token"),
                paid_by("ch_3", customer="cus_2", wallet=APPLE, fingerprint="fp_token"),
            ]
        ).land()
        assert [self.fingerprint_of(export, name) for name in ("ch_1", "ch_2", "ch_3")] == ["fp_card"] * 3
        assert export.of_charge("ch_2", "payment_method_wallet_type") == "apple_pay"

    @pytest.mark.parametrize("differing", [{"last4": "1111"}, {"brand": "mastercard"}, {"funding": "debit"}, {"country": "CA"}])
    def test_one_differing_fact_keeps_a_token_apart(self, export: Export, differing: Object) -> None:
        export.write([charge("ch_1"), paid_by("ch_2", wallet=APPLE, fingerprint="fp_token", **differing)]).land()
        assert self.fingerprint_of(export, "ch_2") == "fp_token"

    def test_the_same_digits_of_another_customer_say_nothing(self, export: Export) -> None:
        export.write([charge("ch_1"), paid_by("ch_2", customer="cus_2", wallet=APPLE, fingerprint="fp_token")]).land()
        assert self.fingerprint_of(export, "ch_2") == "fp_token"

    def test_a_token_that_agrees_with_two_cards_is_neither(self, export: Export) -> None:
        token = paid_by("ch_2", wallet=APPLE, fingerprint="fp_token")
        elsewhere = [
            paid_by("ch_3", customer="cus_2", fingerprint="fp_other"),
            paid_by("ch_4", customer="cus_2", wallet=APPLE, fingerprint="fp_token"),
        ]
        export.write([charge("ch_1"), token, *elsewhere]).land()
        assert [self.fingerprint_of(export, name) for name in ("ch_2", "ch_4")] == ["fp_token"] * 2

    def test_a_wallet_that_hands_over_the_cards_own_number_is_no_token(self, export: Export) -> None:
        plain = {"type": "google_pay", "dynamic_last4": None}
        export.write([charge("ch_1"), paid_by("ch_2", wallet=plain, fingerprint="fp_other")]).land()
        assert self.fingerprint_of(export, "ch_2") == "fp_other"

    def test_a_wallet_is_no_card_that_a_token_could_stand_for(self, export: Export) -> None:
        unsaid = {"type": "apple_pay", "dynamic_last4": None}
        token = paid_by("ch_2", wallet=APPLE, fingerprint="fp_token")
        export.write([paid_by("ch_1", wallet=unsaid, fingerprint="fp_other"), token]).land()
        assert [self.fingerprint_of(export, name) for name in ("ch_1", "ch_2")] == ["fp_other", "fp_token"]

    @pytest.mark.parametrize(("cards", "expected"), [(10, "fp_card"), (11, "fp_token")])
    def test_who_tries_many_cards_proves_no_token(self, export: Export, cards: int, expected: str) -> None:
        tried = [paid_by(f"ch_t{n}", fingerprint=f"fp_{n}", last4=f"{n:04}") for n in range(cards - 1)]
        export.write([charge("ch_1"), *tried, paid_by("ch_2", wallet=APPLE, fingerprint="fp_token")]).land()
        assert self.fingerprint_of(export, "ch_2") == expected


def test_credit_is_landed_where_stripe_says_its_kind_and_counted_where_not(export: Export) -> None:
    def grant(name: str, category: str) -> Object:
        money = {"type": "monetary", "monetary": {"currency": "usd", "value": 500}}
        return {"id": name, "object": "billing.credit_grant", "customer": "cus_1", "category": category, "amount": money,
                "created": NOON, "livemode": True}  # fmt: skip

    def drawn(name: str, of: str, kind: str) -> Object:
        money = {"type": "monetary", "monetary": {"currency": "usd", "value": 200}}
        return {"id": name, "object": "billing.credit_balance_transaction", "credit_grant": of, "type": "debit", "created": NOON,
                "debit": {"type": kind, "amount": money}}  # fmt: skip

    def balance(name: str, kind: str, amount: int) -> Object:
        return {"id": name, "object": "customer_balance_transaction", "customer": "cus_1", "type": kind, "amount": amount,
                "currency": "usd", "created": NOON}  # fmt: skip

    objects = [
        customer("cus_1", "acct_a"), charge("ch_1"), grant("cg_1", "paid"), grant("cg_2", "promotional"),
        drawn("ct_1", "cg_1", "credits_applied"), drawn("ct_2", "cg_1", "credits_expired"),
        drawn("ct_3", "cg_9", "credits_applied"),
        balance("cb_1", "applied_to_invoice", 70), balance("cb_2", "adjustment", -60), balance("cb_3", "credit_note", -50),
        balance("cb_4", "invoice_overpaid", -40), balance("cb_5", "Ann Lee", -40),
    ]  # fmt: skip
    landed = export.write(objects).land()
    assert export.rows("billing_credits", "kind", "amount", "currency") == [
        ("consumption", 70, "usd"), ("consumption", 200, "usd"), ("prepaid", 40, "usd"), ("prepaid", 500, "usd"),
        ("promotional", 500, "usd"), ("refund", 50, "usd"),
    ]  # fmt: skip
    assert {row[0] for row in export.rows("billing_credits", "account_id")} == {export.key.text("account", "acct_a")}
    assert landed.left_out == {
        "Stripe credits of a kind the contract has none for: billing.credit_balance_transaction credits_expired": 1,
        "Stripe credits of a kind the contract has none for: customer_balance_transaction": 1,
        "Stripe credits of a kind the contract has none for: customer_balance_transaction adjustment": 1,
        "Stripe credits whose grant or customer is not in the export": 1,
    }


def test_credit_that_is_not_exported_is_absent_rather_than_none(export: Export) -> None:
    landed = export.write([charge("ch_1")]).land()
    assert set(landed.rows) == {"billing_charges"}


CANARY = "Zz9Canary"


def planted(value: object, path: str = "") -> object:
    """Return an object with the canary in each text that is no id, kind or code of the adapter's."""
    kept = ("id", "object", "customer", "charge", "payment_method", "status", "currency", "type", "country", "fingerprint",
            "funding", "failure_code", "reason", "network_status", "account_id", "email", "credit_grant", "category")  # fmt: skip
    if isinstance(value, dict):
        return {key: planted(inside, key) for key, inside in value.items()}
    if isinstance(value, list):
        return [planted(inside, path) for inside in value]
    if path in kept or (value is not None and not isinstance(value, str)):
        return value
    return f"{CANARY} {path}"


def test_names_addresses_mail_digits_and_descriptions_reach_nothing_that_is_written(export: Export) -> None:
    bill: Object = {"name": "", "email": "", "phone": "", "address": {"line1": "", "line2": "", "city": "", "postal_code": ""}}
    told = {"name": "", "description": "", "receipt_email": "", "receipt_url": "", "billing_details": bill, "shipping": bill}
    one = charge("ch_1", **told, statement_descriptor="", failure_message="", metadata={"account_id": "acct_a", "note": ""})
    one["payment_method_details"]["card"] |= {"last4": "", "iin": "", "wallet": {"type": "apple_pay", "dynamic_last4": ""}}
    who = customer("cus_1", "acct_a", **told, phone="+1 555 0100 555", address={**bill["address"], "country": ""})
    who["metadata"]["note"] = ""
    others = [
        {"id": "du_1", "object": "dispute", "charge": "ch_1", "evidence": {"customer_name": "", "uncategorized_text": ""}},
        {"id": "re_1", "object": "refund", "charge": "ch_1", "amount": 1, "status": "succeeded", "description": ""},
        {"id": "pm_1", "object": "payment_method", "billing_details": bill, "card": {"last4": "", "brand": ""}},
        {"id": "card_1", "object": "card", "customer": "cus_1", "name": "", "last4": "", "address_line1": ""},
        {"id": "ba_1", "object": "bank_account", "account_holder_name": "", "bank_name": "", "routing_number": ""},
        {"id": "cg_1", "object": "billing.credit_grant", "customer": "cus_1", "category": "paid", "name": "", "created": NOON},
    ]
    objects = [planted(each) for each in (one, {**who, "email": "zz9canary.person@x.example"}, *others)]
    tables = export.folder / "own"
    tables.mkdir()
    account = {"account_id": "acct_a", "created_at": "2025-01-01", "tier": "paid", "status": "active"}
    (tables / "accounts.jsonl").write_text(json.dumps(account), encoding="utf-8")
    export.more = {"own_tables": {"folder": "own"}}
    export.write(objects)
    arguments = ["--date", "2026-01-10", "--sources", str(export.sources()), "--landing", str(export.landing)]
    arguments += ["--home", str(export.folder / "home")]
    result = CliRunner().invoke(land_command, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    assert export.of_charge("ch_1", "status") == "succeeded"
    assert export.rows("accounts", "email_domain", "phone_hash is not null") == [("x.example", True)]
    written = export.everything_written() + result.output.encode()
    raw = [CANARY, CANARY.lower(), "0100", "cus_1", "acct_a", "ch_1", "fp_card", "person"]
    assert [text for text in raw if text.encode() in written] == []
    assert b"Zz9Canary description" in b"".join(path.read_bytes() for path in export.exported.iterdir())


@pytest.mark.parametrize("adapter", ["stripe", "stripe_tables"])
def test_no_value_is_read_that_may_hold_content(adapter: str) -> None:
    for name, relation in read_adapter(adapter).relations.items():
        touched = set(relation.roots()) | {path[0] for column in relation.columns.values() for path in column.paths}
        assert not touched & set(relation.never), name


@pytest.mark.parametrize("damage", ['{"object": "charge", "id": Zz9Canary\n', '{"object": "charge", "name": "Zz9Canary'])
def test_a_line_that_is_no_json_is_named_by_its_file_and_nothing_is_landed(export: Export, damage: str) -> None:
    export.write([charge("ch_1")])
    (export.exported / "broken.jsonl").write_text(json.dumps(charge("ch_2")) + "\n" + damage, encoding="utf-8")
    with pytest.raises(AdapterError, match=r"broken\.jsonl must hold JSON texts, one a line, and does not near .*\d") as caught:
        export.land()
    assert CANARY not in str(caught.value)
    assert caught.value.__suppress_context__
    assert not list(export.landing.rglob("*.parquet"))


def test_a_folder_that_holds_nothing_of_stripe_is_refused(export: Export) -> None:
    with pytest.raises(AdapterError, match=r"Stripe must have one of charge, customer, .* holds none of them"):
        export.write([]).land()


def test_both_forms_at_once_and_objects_in_a_database_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "sources.yml"
    path.write_text("edge_key_file: k\nstripe: {folder: a}\nstripe_tables: {folder: b}\n", encoding="utf-8")
    with pytest.raises(AdapterError, match="one of stripe and stripe_tables must be given, and both are"):
        read_sources(path)
    path.write_text("edge_key_file: k\nstripe: {database_variable: A}\n", encoding="utf-8")
    with pytest.raises(AdapterError, match=r"stripe must be a folder of Stripe's objects .* its tables are stripe_tables"):
        read_sources(path)


def test_objects_and_tables_land_the_same_rows(tmp_path: Path) -> None:
    objects = Export(tmp_path)
    tables = Export(tmp_path, "stripe_tables")
    failed = {"status": "failed", "failure_code": "card_declined"}
    charges = [
        charge("ch_1", metadata={"account_id": "acct_x"}),
        charge("ch_2", **failed, currency="jpy"),
        charge("ch_3", customer="cus_2", created=NOON + 7),
        charge("ch_4", customer=None),
        charge("ch_5", livemode=False),
        paid_by("ch_6", wallet=APPLE, fingerprint="fp_token"),
        charge("ch_7", customer="cus_3", metadata={"account_id": "acct_x"}),
    ]
    customers = [
        customer("cus_1", "acct_a", email="Ann@X.example", phone="0049 30 1", address={"country": "DE"}),
        customer("cus_2", "acct_b", livemode=False),
        customer("cus_3"),
    ]
    dispute = {"id": "du_1", "object": "dispute", "charge": "ch_1", "reason": "fraudulent", "status": "lost", "created": NOON}
    refund = {"id": "re_1", "object": "refund", "charge": "ch_3", "amount": 150, "status": "succeeded"}
    balance = {"id": "cb_1", "object": "customer_balance_transaction", "customer": "cus_1", "type": "credit_note", "amount": -5,
               "currency": "usd", "created": NOON, "livemode": True}  # fmt: skip
    objects.write([*charges, *customers, dispute, refund, balance])
    tables.write_table(
        "charge",
        [
            {
                **{name: each[name] for name in ("id", "amount", "amount_refunded", "currency", "status", "failure_code")},
                "created": iso(each["created"]),
                "customer_id": each["customer"],
                "livemode": str(each["livemode"]).upper(),
                "metadata": json.dumps(each["metadata"]),
                "outcome_type": each["outcome"]["type"],
                "_fivetran_synced": iso(NOON + 900),
            }
            for each in charges
        ],
    )
    cards = [(each["id"], each["payment_method_details"]["card"]) for each in charges]
    tables.write_table(
        "payment_method_card",
        [
            {
                "payment_method_id": f"pm_{name}", "charge_id": name, "fingerprint": card["fingerprint"], "brand": "Visa",
                "funding": card["funding"], "country": card["country"], "last_4": card["last4"],
                "wallet_type": (card["wallet"] or {}).get("type"),
                "wallet_dynamic_last_4": (card["wallet"] or {}).get("dynamic_last4"),
            }
            for name, card in cards
        ],
    )  # fmt: skip
    tables.write_table("payment_method", [{"id": f"pm_{each['id']}", "customer_id": each["customer"]} for each in charges])
    tables.write_table(
        "customer",
        [
            {
                **{name: each[name] for name in ("id", "email", "phone")},
                "created": iso(each["created"]),
                "address_country": each["address"].get("country"),
                "livemode": each["livemode"],
                "metadata": json.dumps(each["metadata"]),
                "is_deleted": "FALSE",
            }
            for each in customers
        ],
    )
    flat = [("dispute", dispute), ("refund", refund)]
    for name, each in flat:
        row = {("charge_id" if key == "charge" else key): value for key, value in each.items() if key != "object"}
        tables.write_table(name, [{**row, "created": iso(NOON)}])
    row = {("customer_id" if key == "customer" else key): value for key, value in balance.items() if key != "object"}
    tables.write_table("customer_balance_transaction", [{**row, "created": iso(NOON)}])
    own = tmp_path / "own"
    own.mkdir()
    account = {"account_id": "acct_a", "created_at": "2025-01-01", "tier": "paid", "status": "active"}
    (own / "accounts.jsonl").write_text(json.dumps(account), encoding="utf-8")
    for each in (objects, tables):
        each.more = {"own_tables": {"folder": "own"}}
    assert objects.land().left_out == tables.land().left_out
    for table, count in (("billing_charges", 5), ("billing_credits", 1), ("accounts", 1)):
        rows = objects.rows(table)
        assert len(rows) == count
        assert rows == tables.rows(table), table


class TestTables:
    def needed(self, name: str, **changed: object) -> dict[str, object]:
        row = {
            "id": name,
            "created": "2026-01-09T12:00:00+01:00",
            "amount": 5,
            "currency": "usd",
            "customer_id": "c",
            "status": "failed",
        }
        return row | changed

    def test_epoch_seconds_and_times_of_a_zone_are_moments(self, tmp_path: Path) -> None:
        export = Export(tmp_path, "stripe_tables")
        export.write_table("charge", [self.needed("ch_1"), self.needed("ch_2", created=NOON)]).land()
        assert export.rows("billing_charges", "created_at") == [(datetime(2026, 1, 9, 11),), (datetime(2026, 1, 9, 12),)]

    def test_a_deleted_row_is_left_out_and_the_newest_synced_one_counts(self, tmp_path: Path) -> None:
        export = Export(tmp_path, "stripe_tables")
        rows = [
            self.needed("ch_1", _fivetran_deleted="true"),
            self.needed("ch_2", status="succeeded", _fivetran_synced="2026-01-09 13:00:00"),
            self.needed("ch_2", status="pending", _fivetran_synced="2026-01-09 12:30:00"),
        ]
        landed = export.write_table("charge", rows).land()
        assert export.rows("billing_charges", "charge_id", "status") == [(export.key.text("charge", "ch_2"), "succeeded")]
        assert landed.left_out == {"Stripe charges that were deleted": 1}

    def test_leading_zeros_that_a_spreadsheet_dropped_hide_no_card(self, tmp_path: Path) -> None:
        export = Export(tmp_path, "stripe_tables")
        facts = {"customer_id": "c", "brand": "Visa", "funding": "credit", "country": "US"}
        export.write_table("charge", [self.needed("ch_1", card_id="card_1"), self.needed("ch_2", card_id="card_2")])
        cards = [
            {"id": "card_1", **facts, "fingerprint": "fp_1", "last_4": "65"},
            {
                "id": "card_2",
                **facts,
                "fingerprint": "fp_2",
                "last_4": "0065",
                "dynamic_last_4": "12",
                "tokenization_method": "apple_pay",
            },
        ]
        export.write_table("card", cards).land()
        one = export.key.text("payment_method", "fp_1")
        found = export.rows("billing_charges", "payment_method_fingerprint", "payment_method_wallet_type")
        assert found == [(one, "apple_pay"), (one, None)]

    @pytest.mark.slow
    def test_a_schema_of_postgresql_is_read_without_what_is_not_declared(self, tmp_path: Path, database: Postgres) -> None:
        database.run(
            """
            create schema stripe;
            create table stripe.charge (id text, created timestamptz, amount bigint, currency text, customer_id text,
                card_id text, status text, livemode boolean, metadata jsonb, description text, _fivetran_deleted boolean);
            insert into stripe.charge values
                ('ch_1', '2026-01-09 12:00+01', 5, 'usd', 'cus_1', 'card_1', 'succeeded', true, null, 'Zz9Canary', false),
                ('ch_2', '2026-01-09 13:00+00', 6, 'usd', 'c', null, 'failed', null, '{"account_id": "b"}', '', null),
                ('ch_3', '2026-01-09 13:00+00', 7, 'usd', 'c', null, 'failed', true, null, '', true);
            create table stripe.customer (id text, created timestamp, metadata jsonb);
            insert into stripe.customer values ('cus_1', '2026-01-01', '{"account_id": "acct_a"}');
            create table stripe.card (id text, fingerprint text, funding text);
            insert into stripe.card values ('card_1', 'fp_1', 'prepaid')
            """
        )
        export = Export(tmp_path, "stripe_tables", database_file="address", schema="stripe")
        (tmp_path / "address").write_text(database.address(), encoding="utf-8")
        landed = export.land()
        key = export.key
        columns = ("created_at", "amount", "account_id", "payment_method_fingerprint", "payment_method_funding")
        assert export.rows("billing_charges", *columns) == [
            (datetime(2026, 1, 9, 11), 5, key.text("account", "acct_a"), key.text("payment_method", "fp_1"), "prepaid"),
            (datetime(2026, 1, 9, 13), 6, key.text("account", "b"), None, None),
        ]
        assert landed.left_out == {"Stripe charges that were deleted": 1}
        assert CANARY.encode() not in export.everything_written()

    def test_a_table_without_its_columns_is_refused(self, tmp_path: Path) -> None:
        export = Export(tmp_path, "stripe_tables")
        with pytest.raises(AdapterError, match="charge must have the columns created, amount, currency, customer_id, status"):
            export.write_table("charge", [{"id": "ch_1"}]).land()

    def test_charges_are_required(self, tmp_path: Path) -> None:
        export = Export(tmp_path, "stripe_tables")
        with pytest.raises(AdapterError, match="Stripe's tables must have charge"):
            export.write_table("customer", [{"id": "cus_1"}]).land()


def anything(*values: object) -> st.SearchStrategy[object]:
    """Return a strategy of values, of absence (as Ellipsis) and of what does not belong there."""
    return st.sampled_from([*values, None, ..., "", 7, {"id": "x"}, [], "1e40"])


CHARGES = st.builds(
    lambda **fields: {name: value for name, value in fields.items() if value is not ...},
    object=st.just("charge"),
    id=st.sampled_from([*(f"ch_{n}" for n in range(20)), None]),
    created=anything(NOON, NOON - 9),
    amount=anything(100),
    amount_refunded=anything(0, 50),
    currency=anything("usd"),
    customer=anything("cus_1", "cus_2"),
    status=anything("succeeded", "failed"),
    outcome=anything({"type": "blocked", "reason": "rule"}),
    disputed=anything(True, False),
    livemode=anything(True, False),
    metadata=anything({"account_id": "acct_a"}, {"account_id": None}, {"other": ["x"]}),
    payment_method_details=anything({"card": {"fingerprint": "fp", "wallet": {"dynamic_last4": "1"}}}, {"card": None}),
)


@pytest.mark.slow
@settings(max_examples=8, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(charges=st.lists(CHARGES, min_size=1, max_size=40), in_events=st.booleans())
def test_every_charge_is_landed_or_counted_whatever_is_absent(
    tmp_path_factory: pytest.TempPathFactory, charges: list[Object], in_events: bool
) -> None:
    export = Export(tmp_path_factory.mktemp("export"))
    lines = [event(each, n) for n, each in enumerate(charges)] if in_events else charges
    landed = export.write([customer("cus_1", "acct_a"), *lines]).land()
    without_id = sum(each["id"] is None for each in charges)
    ids = {each["id"] for each in charges} - {None}
    assert len(export.rows("billing_charges", "charge_id")) + sum(landed.left_out.values()) == len(ids) + without_id
    assert landed.left_out.get("Stripe charges without an id", 0) == without_id
    assert export.land().rows == {}


@pytest.mark.slow
def test_usage_of_ones_own_and_charges_of_stripe_pass_the_source_gate(export: Export) -> None:
    own = export.folder / "own"
    own.mkdir()
    usage = [
        {
            "request_id": f"r{n}", "requested_at": f"2026-01-10T{n % 24:02}:00:00Z", "account_id": f"acct_{n % 5}",
            "surface": "api", "operation_name": "chat", "request_model": "m", "input_tokens": 10,
            "output_tokens": 5, "http_status": 200,
        }
        for n in range(100)
    ]  # fmt: skip
    (own / "usage_requests.jsonl").write_text("".join(json.dumps(each) + "\n" for each in usage), encoding="utf-8")
    accounts = [{"account_id": f"acct_{n}", "created_at": "2025-01-01", "tier": "paid", "status": "active"} for n in range(5)]
    (own / "accounts.jsonl").write_text("".join(json.dumps(each) + "\n" for each in accounts), encoding="utf-8")
    export.more = {"own_tables": {"folder": "own"}}
    customers = [customer(f"cus_{n}", f"acct_{n}", email=f"who{n}@x.example", address={"country": "US"}) for n in range(5)]
    charges = [charge(f"ch_{n}", customer=f"cus_{n % 5}", created=NOON + 86_400 - 60 * n) for n in range(60)]
    dispute = {"id": "du_1", "object": "dispute", "charge": "ch_1", "reason": "fraudulent", "status": "lost", "created": NOON}
    export.write([*customers, *charges, dispute, paid_by("ch_w", wallet=APPLE, fingerprint="fp_token")]).land()
    tables = {path.name: sorted(path.rglob("*.parquet")) for path in export.landing.iterdir() if not path.name.startswith("_")}
    report = validate_sources(delivered(tables, DAY, DAY), GateSettings(), History(profiles=()))
    assert report.success, report.message()
    assert [finding.message for finding in report.failures if finding.table == "billing_charges"] == []
    assert len(export.rows("billing_charges")) == 61


@pytest.mark.slow
@pytest.mark.real_data
@pytest.mark.skipif(not SCHEMAS.is_dir(), reason=f"needs Stripe's fixtures at {SCHEMAS}")
def test_stripes_own_fixtures_are_landed(export: Export) -> None:
    resources = json.loads((SCHEMAS / "stripe" / "fixtures3.json").read_text(encoding="utf-8"))["resources"]
    objects = [each for each in resources.values() if isinstance(each, dict) and each.get("object")]
    assert export.write(objects).land().left_out["Stripe charges in test mode"] == 1
    live = [{**each, "livemode": True} for each in objects if each.get("object") != "charge" and not each.get("deleted")]
    paid = {**resources["charge"], "livemode": True, "customer": resources["customer"]["id"]}
    export.write([*live, paid]).land()
    expected = export.key.text("payment_method", "AOB934RVNwzk6xtn")
    columns = ("status", "amount", "amount_refunded", "disputed", "payment_method_fingerprint", "payment_method_wallet_type")
    # Stripe's example of a refund is of this charge, its example of a dispute an inquiry
    assert export.rows("billing_charges", *columns) == [("succeeded", 100, 100, False, expected, "link")]
    written = export.everything_written()
    assert not [name for name in (b"Jenny", b"Rosen", b"Fake Street", b"4242", b"jenny") if name in written]


@pytest.mark.slow
@pytest.mark.real_data
@pytest.mark.skipif(not SCHEMAS.is_dir(), reason=f"needs a connector's seeds at {SCHEMAS}")
def test_a_connectors_own_seeds_are_landed(tmp_path: Path) -> None:
    export = Export(tmp_path, "stripe_tables", account_from=["external_id"])
    for path in (SCHEMAS / "fivetran_stripe_seeds").glob("*_data.csv"):
        (export.exported / path.name.replace("_data", "")).write_bytes(path.read_bytes())
    landed = export.land()
    assert landed.rows == {"billing_charges": {DAY: 16}}
    assert landed.unreadable == {}
    assert {row[0] for row in export.rows("billing_charges", "account_id")} == {
        export.key.text("account", "80755622-45b3-40a6-9544-25af39e0e50c")
    }
    assert b"80755622-45b3" not in export.everything_written()
