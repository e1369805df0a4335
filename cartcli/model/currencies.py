"""The currencies there are: ISO 4217, list one, as of 2026-01-01."""

from typing import Final

from cartcli.errors import FixInput

# Active codes by the number of decimals of their minor unit. Those without one (gold, drawing
# rights, testing) are left out, because nobody can be charged in them.
_MINOR_UNITS: Final = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
    2: "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN"
    " BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP"
    " GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT"
    " LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN"
    " NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE"
    " SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES"
    " WST XAD XCD XCG YER ZAR ZMW ZWG",
}
_WITHDRAWN: Final = {"BGN": 2}  # carts and receipts of before are still read
NO_CURRENCY: Final = "XXX"  # of an amount that is none
DECIMALS: Final = {
    **{code: decimals for decimals, codes in _MINOR_UNITS.items() for code in codes.split()},
    **_WITHDRAWN,
    NO_CURRENCY: 2,
}


def currency_code(text: str) -> str:
    """`text` as an ISO 4217 code; FixInput when there is no such currency."""
    if not isinstance(text, str) or text not in DECIMALS:
        raise FixInput(f"{text!r} is not an ISO 4217 currency code such as USD")
    return text
