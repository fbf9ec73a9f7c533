"""What do electronic invoices and life-cycle messages look like, as far as a test needs them? Each is written out here, in every syntax."""

import io

import pikepdf

from tests.letters.invoices import invoice_pdf

_UNECE = "urn:un:unece:uncefact:data:standard:"
_PREFIXES = f"""xmlns:ram="{_UNECE}ReusableAggregateBusinessInformationEntity:100" xmlns:qdt="{_UNECE}QualifiedDataType:100"
 xmlns:udt="{_UNECE}UnqualifiedDataType:100\""""
_OASIS = "urn:oasis:names:specification:ubl:schema:xsd:"

SELLER = {"name": "Maison Vidal", "siren": "100000009", "vat": "FR88100000009"}
BUYER = {
    "name": "La Futaie",
    "siren": "200000008",
    "vat": "FR37200000008",
    "street": "12 rue des Lilas",
    "postcode": "33000",
    "city": "Bordeaux",
    "contact": "Awa Ndiaye",
    "email": "compta@futaie.example",
}
INVOICE = {
    "number": "FA-1",
    "code": "380",
    "date": "2026-01-01",
    "due": "2026-01-31",
    "currency": "EUR",
    "net": "100.00",
    "vat": "20.00",
    "total": "120.00",
    "prepaid": "0.00",
    "payable": "120.00",
    "means": "30",
    "iban": "FR7630006000011234567890189",
    "order": "BC-7",
    "terms": (),  # instalments: (date, amount)
    "payee": "",
    "corrects": "",
    "profile": "urn:cen.eu:en16931:2017",
}


def cii(seller: dict = SELLER, buyer: dict = BUYER, **said: object) -> bytes:
    """An invoice in CII, as Factur-X and ZUGFeRD carry it."""
    one = INVOICE | said
    due = f"<ram:DueDateDateTime>{_day(one['due'])}</ram:DueDateDateTime>" if one["due"] else ""
    terms = f"<ram:SpecifiedTradePaymentTerms>{due}</ram:SpecifiedTradePaymentTerms>"
    if one["terms"]:
        terms = "".join(
            f"<ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime>{_day(day)}</ram:DueDateDateTime>"
            f"<ram:PartialPaymentAmount>{amount}</ram:PartialPaymentAmount></ram:SpecifiedTradePaymentTerms>"
            for day, amount in one["terms"]
        )
    payee = f"<ram:PayeeTradeParty><ram:Name>{one['payee']}</ram:Name></ram:PayeeTradeParty>" if one["payee"] else ""
    corrects = (
        f"<ram:InvoiceReferencedDocument><ram:IssuerAssignedID>{one['corrects']}</ram:IssuerAssignedID></ram:InvoiceReferencedDocument>"
        if one["corrects"]
        else ""
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="{_UNECE}CrossIndustryInvoice:100" {_PREFIXES}>
<rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>{one["profile"]}</ram:ID>
</ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>
<rsm:ExchangedDocument><ram:ID>{one["number"]}</ram:ID><ram:TypeCode>{one["code"]}</ram:TypeCode>
<ram:IssueDateTime>{_day(one["date"])}</ram:IssueDateTime></rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction><ram:ApplicableHeaderTradeAgreement>
<ram:SellerTradeParty>{_cii_party(seller)}</ram:SellerTradeParty><ram:BuyerTradeParty>{_cii_party(buyer)}</ram:BuyerTradeParty>
<ram:BuyerOrderReferencedDocument><ram:IssuerAssignedID>{one["order"]}</ram:IssuerAssignedID></ram:BuyerOrderReferencedDocument>
</ram:ApplicableHeaderTradeAgreement><ram:ApplicableHeaderTradeDelivery/>
<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>{one["currency"]}</ram:InvoiceCurrencyCode>{payee}
<ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>{one["means"]}</ram:TypeCode>
<ram:PayeePartyCreditorFinancialAccount><ram:IBANID>{one["iban"]}</ram:IBANID></ram:PayeePartyCreditorFinancialAccount>
</ram:SpecifiedTradeSettlementPaymentMeans>{terms}
<ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:TaxBasisTotalAmount>{one["net"]}</ram:TaxBasisTotalAmount>
<ram:TaxTotalAmount currencyID="{one["currency"]}">{one["vat"]}</ram:TaxTotalAmount>
<ram:GrandTotalAmount>{one["total"]}</ram:GrandTotalAmount><ram:TotalPrepaidAmount>{one["prepaid"]}</ram:TotalPrepaidAmount>
<ram:DuePayableAmount>{one["payable"]}</ram:DuePayableAmount></ram:SpecifiedTradeSettlementHeaderMonetarySummation>{corrects}
</ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>""".encode()


def ubl(seller: dict = SELLER, buyer: dict = BUYER, **said: object) -> bytes:
    """An invoice or, with code 381, a credit note in UBL."""
    one = INVOICE | said
    root = "CreditNote" if one["code"] == "381" else "Invoice"
    due = f"<cbc:DueDate>{one['due']}</cbc:DueDate>" if one["due"] and root == "Invoice" else ""
    terms = "".join(
        f"<cac:PaymentTerms><cbc:Amount currencyID='EUR'>{amount}</cbc:Amount>"
        f"<cbc:PaymentDueDate>{day}</cbc:PaymentDueDate></cac:PaymentTerms>"
        for day, amount in one["terms"]
    )
    payee = f"<cac:PayeeParty><cac:PartyName><cbc:Name>{one['payee']}</cbc:Name></cac:PartyName></cac:PayeeParty>" if one["payee"] else ""
    corrects = (
        "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>"
        f"{one['corrects']}</cbc:ID></cac:InvoiceDocumentReference></cac:BillingReference>"
        if one["corrects"]
        else ""
    )
    currency = one["currency"]
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<{root} xmlns="{_OASIS}{root}-2" xmlns:cac="{_OASIS}CommonAggregateComponents-2" xmlns:cbc="{_OASIS}CommonBasicComponents-2">
<cbc:CustomizationID>{one["profile"]}</cbc:CustomizationID><cbc:ID>{one["number"]}</cbc:ID><cbc:IssueDate>{one["date"]}</cbc:IssueDate>{due}
<cbc:{root}TypeCode>{one["code"]}</cbc:{root}TypeCode><cbc:DocumentCurrencyCode>{currency}</cbc:DocumentCurrencyCode>
<cac:OrderReference><cbc:ID>{one["order"]}</cbc:ID></cac:OrderReference>{corrects}
<cac:AccountingSupplierParty><cac:Party>{_ubl_party(seller)}</cac:Party></cac:AccountingSupplierParty>
<cac:AccountingCustomerParty><cac:Party>{_ubl_party(buyer)}</cac:Party></cac:AccountingCustomerParty>{payee}
<cac:PaymentMeans><cbc:PaymentMeansCode>{one["means"]}</cbc:PaymentMeansCode>
<cac:PayeeFinancialAccount><cbc:ID>{one["iban"]}</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>{terms}
<cac:TaxTotal><cbc:TaxAmount currencyID="{currency}">{one["vat"]}</cbc:TaxAmount></cac:TaxTotal>
<cac:LegalMonetaryTotal><cbc:TaxExclusiveAmount>{one["net"]}</cbc:TaxExclusiveAmount>
<cbc:TaxInclusiveAmount>{one["total"]}</cbc:TaxInclusiveAmount><cbc:PrepaidAmount>{one["prepaid"]}</cbc:PrepaidAmount>
<cbc:PayableAmount>{one["payable"]}</cbc:PayableAmount></cac:LegalMonetaryTotal></{root}>""".encode()


def facturx(xml: bytes | None = None, name: str = "factur-x.xml", further: dict[str, bytes] | None = None) -> bytes:
    """A PDF that carries an invoice, and further files."""
    with pikepdf.open(io.BytesIO(invoice_pdf())) as pdf:
        pdf.attachments[name] = cii() if xml is None else xml
        for other, content in (further or {}).items():
            pdf.attachments[other] = content
        pdf.save(made := io.BytesIO(), deterministic_id=True)
    return made.getvalue()


def message(code: str, number: str = "FA-1", at: str = "2026-02-10T10:00:00", seller: str = "100000009", **said: object) -> bytes:
    """A life-cycle message about one invoice; ``said``: reason, collected, paid_on, payee (name) and iban, issuer, currency."""
    details = ""
    if collected := said.get("collected"):
        details += _detail("MEN", f"<ram:ValueAmount currencyID='{said.get('currency', 'EUR')}'>{collected}</ram:ValueAmount>")
    if paid_on := said.get("paid_on"):
        details += _detail("MPA", f"<ram:ValueDateTime>{_day(paid_on)}</ram:ValueDateTime>")
    if payee := said.get("payee"):
        details += _detail("DVA", f"<ram:ValueText>{payee}</ram:ValueText>", "BT-59")
    if iban := said.get("iban"):
        details += _detail("DVA", f"<ram:ValueText>{iban}</ram:ValueText>", "BT-84")
    reason = f"<ram:Reason>{said['reason']}</ram:Reason>" if said.get("reason") else ""
    instant = "".join(letter for letter in at if letter.isdigit())
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossDomainAcknowledgementAndResponse xmlns:rsm="{_UNECE}CrossDomainAcknowledgementAndResponse:100" {_PREFIXES}>
<rsm:ExchangedDocument><ram:ID>{number}_{code}</ram:ID><ram:IssuerTradeParty><ram:RoleCode>{said.get("issuer", "BY")}</ram:RoleCode>
</ram:IssuerTradeParty></rsm:ExchangedDocument><rsm:AcknowledgementDocument><ram:TypeCode>23</ram:TypeCode>
<ram:IssueDateTime><udt:DateTimeString format="204">{instant}</udt:DateTimeString></ram:IssueDateTime><ram:ReferenceReferencedDocument>
<ram:IssuerAssignedID>{number}</ram:IssuerAssignedID><ram:ProcessConditionCode>{code}</ram:ProcessConditionCode>
<ram:ProcessCondition>{said.get("label", "")}</ram:ProcessCondition>
<ram:IssuerTradeParty><ram:GlobalID schemeID="0002">{seller}</ram:GlobalID></ram:IssuerTradeParty>
<ram:SpecifiedDocumentStatus>{reason}{details}</ram:SpecifiedDocumentStatus></ram:ReferenceReferencedDocument>
</rsm:AcknowledgementDocument></rsm:CrossDomainAcknowledgementAndResponse>""".encode()


def _detail(code: str, value: str, term: str = "") -> str:
    named = f"<ram:ID>{term}</ram:ID>" if term else ""
    return f"<ram:SpecifiedDocumentCharacteristic>{named}<ram:TypeCode>{code}</ram:TypeCode>{value}</ram:SpecifiedDocumentCharacteristic>"


def _day(day: object) -> str:
    return f'<udt:DateTimeString format="102">{str(day).replace("-", "")}</udt:DateTimeString>'


def _cii_party(one: dict) -> str:
    legal = f'<ram:SpecifiedLegalOrganization><ram:ID schemeID="0002">{one["siren"]}</ram:ID></ram:SpecifiedLegalOrganization>'
    contact = (
        f"<ram:DefinedTradeContact><ram:PersonName>{one['contact']}</ram:PersonName><ram:EmailURIUniversalCommunication>"
        f"<ram:URIID>{one['email']}</ram:URIID></ram:EmailURIUniversalCommunication></ram:DefinedTradeContact>"
        if one.get("email")
        else ""
    )
    address = (
        f"<ram:PostcodeCode>{one['postcode']}</ram:PostcodeCode><ram:LineOne>{one['street']}</ram:LineOne><ram:CityName>{one['city']}</ram:CityName>"
        if one.get("street")
        else ""
    )
    return (
        f"<ram:Name>{one['name']}</ram:Name>{legal if one.get('siren') else ''}{contact}"
        f"<ram:PostalTradeAddress>{address}<ram:CountryID>{one.get('country', 'FR')}</ram:CountryID></ram:PostalTradeAddress>"
        f'<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">{one.get("vat", "")}</ram:ID></ram:SpecifiedTaxRegistration>'
    )


def _ubl_party(one: dict) -> str:
    contact = (
        f"<cac:Contact><cbc:Name>{one['contact']}</cbc:Name><cbc:ElectronicMail>{one['email']}</cbc:ElectronicMail></cac:Contact>"
        if one.get("email")
        else ""
    )
    address = (
        f"<cbc:StreetName>{one['street']}</cbc:StreetName><cbc:CityName>{one['city']}</cbc:CityName><cbc:PostalZone>{one['postcode']}</cbc:PostalZone>"
        if one.get("street")
        else ""
    )
    legal = f'<cbc:CompanyID schemeID="0002">{one["siren"]}</cbc:CompanyID>' if one.get("siren") else ""
    return (
        f"<cac:PostalAddress>{address}<cac:Country><cbc:IdentificationCode>{one.get('country', 'FR')}</cbc:IdentificationCode>"
        f"</cac:Country></cac:PostalAddress><cac:PartyTaxScheme><cbc:CompanyID>{one.get('vat', '')}</cbc:CompanyID>"
        f"<cac:TaxScheme><cbc:ID>VAT</cbc:ID>"
        f"</cac:TaxScheme></cac:PartyTaxScheme><cac:PartyLegalEntity><cbc:RegistrationName>{one['name']}</cbc:RegistrationName>{legal}"
        f"</cac:PartyLegalEntity>{contact}"
    )
