-- What one US dollar is worth in each currency, to the order of magnitude: enough to recognise a sum that nobody can have
-- meant. Amounts are never converted by these; `money_usd` has its own rates. From what was generally known of the
-- markets at the end of 2025; where an official rate differed, that of the street. Of currencies that were replaced
-- (BEF, FRF, HRK, VEF, ZWL), the last rate they had; of units of account (CLF, COU, MXV, UTM, UVA), what they came to.
create table ops.rough_rates (
  currency varchar primary key,
  per_usd double not null,
  as_of date not null,
  source varchar not null
);
insert into ops.rough_rates
select currency, per_usd, date '2025-12-31', 'order of magnitude, generally known'
from (
  values
    ('AED', 3.67), ('AFN', 68), ('ALL', 83), ('AMD', 385), ('ANG', 1.79), ('AOA', 915), ('ARS', 1450), ('AUD', 1.5),
    ('AWG', 1.79), ('AZN', 1.7), ('BAM', 1.7), ('BBD', 2), ('BDT', 122), ('BGN', 1.7), ('BHD', 0.376), ('BIF', 2950),
    ('BMD', 1), ('BND', 1.3), ('BOB', 10), ('BRL', 5.5), ('BSD', 1), ('BTC', 0.00001), ('BTN', 89), ('BWP', 13.5),
    ('BYN', 3.1), ('BZD', 2), ('CAD', 1.4), ('CDF', 2300), ('CHF', 0.8), ('CLF', 0.024), ('CLP', 940), ('CNY', 7.1),
    ('COP', 3900), ('COU', 9.9), ('CRC', 500), ('CUP', 440), ('CVE', 95), ('CZK', 21), ('DJF', 178), ('DKK', 6.4), ('DOP', 63),
    ('DZD', 130), ('EGP', 48), ('ERN', 15), ('ETB', 153), ('EUR', 0.86), ('FJD', 2.3), ('GBP', 0.75), ('GBX', 75),
    ('GEL', 2.7), ('GHS', 11.5), ('GIP', 0.75), ('GMD', 73), ('GNF', 8700), ('GTQ', 7.7), ('GYD', 209), ('HKD', 7.8),
    ('HNL', 26.3), ('HTG', 131), ('HUF', 330), ('IDR', 16700), ('ILS', 3.3), ('INR', 90), ('IQD', 1310),
    ('IRR', 1200000), ('ISK', 127), ('JMD', 160), ('JOD', 0.71), ('JPY', 156), ('KES', 129), ('KGS', 87), ('KHR', 4010),
    ('KMF', 420), ('KPW', 8000), ('KRW', 1470), ('KWD', 0.307), ('KYD', 0.83), ('KZT', 515), ('LAK', 21700),
    ('LBP', 89500), ('LKR', 309), ('LRD', 178), ('LSL', 17), ('LYD', 5.4), ('MAD', 9.2), ('MDL', 17), ('MGA', 4480),
    ('MKD', 53), ('MMK', 4000), ('MNT', 3560), ('MOP', 8), ('MRU', 40), ('MUR', 46), ('MVR', 15.4), ('MWK', 1740),
    ('MXN', 18), ('MXV', 2.1), ('MYR', 4.1), ('MZN', 64), ('NAD', 17), ('NGN', 1450), ('NIO', 36.8), ('NOK', 10.1), ('NPR', 143),
    ('NZD', 1.7), ('OMR', 0.385), ('PAB', 1), ('PEN', 3.4), ('PGK', 4.3), ('PHP', 59), ('PKR', 281), ('PLN', 3.6),
    ('PYG', 6900), ('QAR', 3.64), ('RON', 4.4), ('RSD', 101), ('RUB', 80), ('RWF', 1455), ('SAR', 3.75), ('SBD', 8.2),
    ('SCR', 14), ('SDG', 3500), ('SEK', 9.3), ('SGD', 1.3), ('SLE', 23), ('SOS', 571), ('SRD', 38), ('SSP', 4600),
    ('SVC', 8.75), ('SYP', 11000), ('SZL', 17), ('THB', 32), ('TJS', 9.2), ('TMT', 19), ('TND', 2.9), ('TOP', 2.4),
    ('TRY', 43), ('TTD', 6.8), ('TWD', 31), ('TZS', 2450), ('UAH', 42), ('UGX', 3600), ('USD', 1), ('UTM', 0.014),
    ('UVA', 0.9), ('UYU', 39), ('UZS', 12000), ('VES', 280), ('VND', 26300), ('VUV', 121), ('WST', 2.8), ('XAF', 563), ('XCD', 2.7), ('XCG', 1.79),
    ('XOF', 563), ('XPF', 102), ('YER', 530), ('ZAR', 17), ('ZMW', 23), ('ZWG', 26)
) as rates (currency, per_usd);
insert into ops.rough_rates
values
  ('BEF', 45, date '2001-12-31', 'order of magnitude, generally known'),
  ('FRF', 7.4, date '2001-12-31', 'order of magnitude, generally known'),
  ('HRK', 7, date '2022-12-31', 'order of magnitude, generally known'),
  ('VEF', 248000, date '2018-08-19', 'order of magnitude, generally known'),
  ('ZWL', 33900, date '2024-04-05', 'order of magnitude, generally known');
