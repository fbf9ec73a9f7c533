"""Which customer or invoice of the demo shows a given situation?

``tonight`` is what the automatic run of the day decides for each document of the line: a level, or the reason why it is left out;
parts of an invoice in instalments are parted by a slash. ``rows`` are rows of the register.
"""

from typing import NamedTuple

from relance.demo.tables import rows


class Situation(NamedTuple):
    """Where to look; ``accounts`` are codes of customers (or of a supplier), ``documents`` their numbers."""

    rows: tuple[str, ...]
    accounts: tuple[str, ...]
    documents: tuple[str, ...]
    tonight: tuple[str, ...]


_TABLE = rows("""
situation                        rows             accounts             tonight                    documents
first_reminder                   K69 K70          C002 C052            1                          FA-2324 FA-2341
second_reminder                  K69 K70          C005 C009            2                          FA-2288 FA-2286
level_skipped                    K70              C021                 2                          FA-2269
already_reminded                 K70              C016 C037            already_at_level           FA-2272 FA-2304
not_yet_late_enough              K70              C001 C049            no_level_applies           FA-2329 FA-2330
not_yet_due                      K40              C001                 no_level_applies           FA-2378 FA-2342
formal_notice_waits              K69              C018 C048 C053 C057  not_automatic              FA-2233 FA-2235 FA-2258 FA-2223
formal_notice_sent               A15              C056 C057            already_at_level           FA-2211 FA-2202
every_level_at_once              A18 A19 A21 A22  C057                 -                          FA-2332 FA-2305 FA-2263 FA-2223 FA-2202
customer_at_level_0              A3 A8 A20        C002                 -                          -
customer_at_level_1              A3 A8 A9         C005                 -                          -
customer_at_level_2              A3 A8            C018                 -                          -
customer_at_level_3              A3 A8            C056                 -                          -
level_changed_by_hand            A39 A45 A52      C038                 already_at_level           FA-2300
excluded_by_hand                 A44              C029                 level_na                   FA-2192
too_old_to_dun                   K70              C055                 no_level_applies           REPRISE-1
same_number_twice                -                C055 C056            -                          REPRISE-1
several_invoices_one_message     K82              C002                 1                          FA-2324 FA-2313 FA-2308
one_message_per_recipient_list   K81              C003                 1                          FA-2320 FA-2309
site_contact                     K71 K72          C010                 1                          FA-2321 FA-2322
contact_for_all_sites            K73              C034                 1                          FA-2303
contact_of_no_site               K72              C008                 1                          FA-2325
invoice_recipients               K75              C003                 1                          FA-2320
invoice_contact                  K76 K78 K79      C004                 1                          FA-2314
invoice_contact_for_all_sites    K76              C040                 too_soon                   FA-2237
site_mailbox                     K77              C005                 2                          FA-2288
nobody_to_write_to               K80              C006                 no_recipient               FA-2298
contact_without_address          K80              C006                 no_recipient               FA-2298
contact_who_left                 K71              C007                 1                          FA-2310
address_at_customer_wins         K26 K27          C009                 2                          FA-2286
copies                           K47 K48          C004 C045            -                          FA-2314 FA-2292
roles                            K25              C016 C017 C058       -                          -
managers                         K30 K31          C013 C045            -                          FA-2254 FA-2292
direct_debit                     K3               C011                 payment_method             FA-2370 FA-2338 FA-2306
direct_debit_came_back           K3               C011                 2                          FA-2278
cheque_came_back                 K69              C036                 not_automatic              FA-2214
temporary_block                  K20 K63 K64 K65  C012                 blocked_temporarily        FA-2315
automatic_block                  K18 K61 K62 K65  C013                 blocked                    FA-2254
manual_block                     K18 K19 K65      C014                 already_at_level           FA-2301
both_blocks                      K19 K62          C058                 insolvent                  FA-2198
customer_on_hold                 -                C054                 customer_on_hold           FA-2374
dunning_off                      A2               C024                 customer_dunning_disabled  FA-2297 FA-2226
manual_only                      K15 K59          C025                 customer_mode_off          FA-2246
automatic_only                   K15 K38          C026                 1                          FA-2323
new_customer                     K60              C060                 -                          -
everything_settled               K4               C015                 -                          -
partial_payment                  K40              C016                 already_at_level           FA-2272
payment_without_invoice          K13              C032                 1                          FA-2316
payment_partly_used              K13              C037                 settled                    FA-2240
one_payment_for_three            K37              C044                 settled                    FA-2273 FA-2255 FA-2241
small_difference_written_off     K37              C035                 settled                    FA-2220
instalments_at_two_levels        K40 K82          C017                 2/1/no_level_applies       FA-2290
instalments_partly_paid          K40              C033                 -                          FA-2216
credit_note_netted               -                C030                 2                          FA-2287
credit_note_free                 -                C031                 not_an_invoice             AV-103
payment_on_account               -                C033                 not_an_invoice             AC-101
creditor_customer                -                C023                 creditor_customer          FA-2311
below_minimum                    -                C027                 below_minimum              FA-2267
exactly_at_minimum               -                C028                 below_minimum              FA-2274
dispute                          K35              C019                 disputed                   FA-2260
contentieux                      K35              C039                 disputed                   FA-2150 FA-2142
insolvency                       K35              C058                 insolvent                  FA-2167
status_that_stops_nothing        K35              C059                 2                          FA-2294
promise_pending                  K32              C020                 promised                   FA-2295
promise_in_its_days_of_grace     K32              C022                 promised                   FA-2284
promise_broken                   K32              C021                 2                          FA-2269
billed_to_the_group              K82              C041 C042 C043       2                          FA-2285 FA-2291
key_account_reminded_before_due  K70              C040 C034            1                          FA-2276 FA-2303
key_account_one_step_at_a_time   K70              C040                 2                          FA-2218
key_account_too_soon             K70              C040                 too_soon                   FA-2237
key_account_letter               K70              C034                 3                          FA-2229
public_body                      K70              C050                 already_at_level           FA-2222
public_body_has_more_time        K70              C051                 no_level_applies           FA-2319
consumer                         K70              C052 C053            -                          -
english_customer                 -                C045                 2                          FA-2292
irish_customer                   -                C046                 1                          FA-2312
two_currencies                   K82              C047                 1                          FA-2317 FA-2318
abroad_in_french                 -                C048 C049            -                          -
customer_types                   A27              C001 C040 C050 C052  -                          -
sales_reps                       A25 A28          C001 C007 C034 C045  -                          -
payment_methods                  A29              C001 C004 C059 C011  -                          FA-2378 FA-2335 FA-2361 FA-2338
small_balance                    A30              C052 C054            -                          -
several_due_dates                A24 A46          C057                 -                          -
same_due_date                    A26              C010 C047            1                          FA-2321 FA-2322 FA-2317 FA-2318
old_debt                         K12              C039 C055            -                          -
supplier_arrears                 K1 K4            F008                 -                          T/54720
""")

SITUATIONS = {
    name: Situation(*(tuple(cell.split()) for cell in (register, accounts, documents, tonight.replace("/", " "))))
    for name, register, accounts, tonight, documents in _TABLE
}
