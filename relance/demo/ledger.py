"""Which invoices have a story, and what happened to them?

Every date is told in days: ``late`` counts from the due date to today (negative: not yet due), ``dunned``, ``issued`` and ``ago`` are
days ago. The invoices that were simply paid are in ``past``.
"""

from relance.demo.tables import rows

INVOICES = rows("""
number     customer  late  amount    level  dunned
FA-2378    C001      -22   1284.60   0      -
FA-2342    C001      -8    742.20    0      -
FA-2329    C001      2     963.00    0      -
FA-2359    C002      -15   655.44    0      -
FA-2324    C002      6     418.80    0      -
FA-2313    C002      8     1120.50   0      -
FA-2308    C002      9     388.32    0      -
FA-2368    C003      -19   902.40    0      -
FA-2320    C003      7     514.08    0      -
FA-2309    C003      9     233.76    0      -
FA-2335    C004      -3    688.20    0      -
FA-2314    C004      8     1045.92   0      -
FA-2351    C005      -12   456.00    0      -
FA-2288    C005      21    879.36    1      13
FA-2375    C006      -21   298.80    0      -
FA-2298    C006      14    312.48    0      -
FA-2365    C007      -17   734.40    0      -
FA-2310    C007      9     590.16    0      -
FA-2382    C008      -25   845.28    0      -
FA-2325    C008      6     497.52    0      -
FA-2346    C009      -10   1376.40   0      -
FA-2286    C009      22    812.64    1      13
FA-2356    C010      -14   640.80    0      -
FA-2321    C010      7     1188.00   0      -
FA-2322    C010      7     925.20    0      -
FA-2370    C011      -20   982.08    0      -
FA-2338    C011      -6    1210.32   0      -
FA-2306    C011      10    1134.00   0      -
FA-2278    C011      24    1056.72   1      13
FA-2353    C012      -13   690.24    0      -
FA-2315    C012      8     764.88    0      -
FA-2366    C013      -18   1322.40   0      -
FA-2254    C013      33    1498.80   1      27
FA-2344    C014      -9    1018.08   0      -
FA-2301    C014      12    876.96    1      6
FA-2389    C016      -28   1640.40   0      -
FA-2357    C016      -14   1865.52   0      -
FA-2272    C016      26    2140.80   2      6
FA-2349    C017      -11   1422.00   0      -
FA-2233    C018      46    1576.32   2      20
FA-2362    C019      -16   756.00    0      -
FA-2260    C019      31    924.48    1      20
FA-2380    C020      -23   1186.80   0      -
FA-2295    C020      18    1348.56   1      13
FA-2337    C021      -5    1544.40   0      -
FA-2328    C021      3     1720.80   0      -
FA-2269    C021      28    1987.20   0      -
FA-2387    C022      -27   934.08    0      -
FA-2284    C022      23    866.64    1      13
FA-2311    C023      9     540.00    0      -
FA-2352    C024      -12   388.80    0      -
FA-2297    C024      15    415.20    0      -
FA-2226    C024      51    734.88    0      -
FA-2340    C025      -7    1980.72   0      -
FA-2246    C025      36    2310.00   1      11
FA-2376    C026      -21   1074.96   0      -
FA-2323    C026      7     698.40    0      -
FA-2363    C027      -16   855.60    0      -
FA-2267    C027      29    1206.80   1      20
FA-2334    C028      -2    1512.00   0      -
FA-2274    C028      25    730.00    1      20
FA-2192    C029      130   1875.60   NA     30
FA-2371    C029      -20   648.00    0      -
FA-2385    C030      -26   792.48    0      -
FA-2287    C030      22    1464.00   1      13
FA-2354    C031      -13   1284.00   0      -
FA-2279    C031      24    1092.24   1      13
FA-2372    C032      -20   986.40    0      -
FA-2316    C032      8     1118.40   0      -
FA-2381    C033      -24   3120.48   0      -
FA-2326    C033      6     2452.80   0      -
FA-2386    C034      -41   4968.00   0      -
FA-2360    C034      -30   5120.16   0      -
FA-2336    C034      -18   4416.48   0      -
FA-2303    C034      -3    3874.56   0      -
FA-2268    C034      14    4380.00   1      20
FA-2229    C034      33    6215.04   2      20
FA-2347    C035      -10   894.24    0      -
FA-2220    C035      60    1003.40   1      48
FA-2390    C036      -29   2218.80   0      -
FA-2331    C036      1     1954.08   0      -
FA-2214    C036      68    1692.00   2      41
FA-2369    C037      -19   1276.56   0      -
FA-2304    C037      12    1345.20   1      6
FA-2240    C037      40    850.00    1      34
FA-2343    C038      -8    1130.40   0      -
FA-2300    C038      14    966.72    2      4
FA-2150    C039      180   1968.48   3      131
FA-2142    C039      210   2844.00   3      150
FA-2383    C040      -55   14256.00  0      -
FA-2348    C040      -40   11318.40  0      -
FA-2307    C040      -20   13104.72  0      -
FA-2276    C040      -5    12480.00  0      -
FA-2237    C040      12    7410.24   1      3
FA-2218    C040      35    9864.00   1      41
FA-2358    C041      -14   2016.00   0      -
FA-2355    C042      -13   1386.24   0      -
FA-2285    C042      23    1248.00   1      13
FA-2333    C043      -1    1178.40   0      -
FA-2291    C043      21    1534.56   1      13
FA-2350    C044      -11   562.08    0      -
FA-2327    C044      4     487.20    0      -
FA-2273    C044      26    611.04    1      20
FA-2255    C044      33    538.56    1      27
FA-2241    C044      40    472.32    1      34
FA-2367    C045      -18   4120.80   0      -
FA-2292    C045      21    3456.00   1      13
FA-2379    C046      -22   2735.04   0      -
FA-2312    C046      9     2380.32   0      -
FA-2373    C047      -20   3105.50   0      -
FA-2317    C047      8     2890.00   0      -
FA-2318    C047      8     1146.00   0      -
FA-2339    C048      -6    1694.40   0      -
FA-2235    C048      43    1843.20   2      20
FA-2384    C049      -25   2975.76   0      -
FA-2330    C049      2     1650.24   0      -
FA-2364    C050      -16   412.80    0      -
FA-2222    C050      55    864.00    1      13
FA-2377    C051      -21   618.72    0      -
FA-2319    C051      8     534.24    0      -
FA-2341    C052      8     214.80    0      -
FA-2258    C053      47    386.40    2      27
FA-2374    C054      -5    148.80    0      -
FA-2388    C055      -27   2210.40   0      -
REPRISE-1  C055      800   1250.00   0      -
REPRISE-1  C056      745   980.00    0      -
FA-2345    C056      -9    1296.72   0      -
FA-2211    C056      82    1722.00   3      12
FA-2332    C057      1     390.96    0      -
FA-2305    C057      12    428.40    1      6
FA-2263    C057      30    655.20    2      6
FA-2223    C057      55    812.16    2      34
FA-2202    C057      105   745.20    3      12
FA-2198    C058      120   1620.24   2      97
FA-2167    C058      160   1436.40   3      96
FA-2361    C059      -15   1088.64   0      -
FA-2294    C059      20    918.00    1      13
FA-2232    C034      32    6024.00   1      38
FA-2280    C042      24    1310.40   0      -
""")

# One invoice in three parts: number, customer, days since it was issued; then each part.
INSTALMENTS = {
    ("FA-2290", "C017", 51): rows("""
late  amount   level  dunned
21    1200.00  1      13
6     1200.00  0      -
-24   1200.60  0      -
"""),
    ("FA-2216", "C033", 96): rows("""
late  amount   level  dunned
66    1500.00  0      -
36    1500.00  2      13
-24   1500.00  0      -
"""),
}

CREDITS = rows("""
number  type                customer  issued  amount   label
AV-101  credit_note         C023      4       -912.00  Reprise de 12 caisses invendues
AV-102  credit_note         C030      9       -252.00  Remise de fin d'année
AV-103  credit_note         C031      11      -150.00  Geste commercial
AV-104  credit_note         C034      40      -624.00  Casse au transport
AV-105  credit_note         C019      2       -184.80  Deux caisses bouchonnées (avoir partiel)
AC-101  payment_on_account  C033      15      -300.00  Acompte à la commande
AC-102  payment_on_account  C052      60      -120.00  Acompte à la commande
""")

# What each payment, return, write-off or netting covers: document=amount, or document/part=amount.
PAYMENTS = rows("""
reference  kind       customer  ago  amount    allocations
VIR-3301   payment    C016      10   1000.00   FA-2272=1000.00
VIR-3302   payment    C027      25   1200.00   FA-2267=1200.00
VIR-3303   payment    C028      15   720.00    FA-2274=720.00
VIR-3304   payment    C032      5    400.00    -
VIR-3305   payment    C037      30   1000.00   FA-2240=850.00
CB-3306    payment    C044      3    1621.92   FA-2273=611.04 FA-2255=538.56 FA-2241=472.32
CB-3307    payment    C035      55   1000.00   FA-2220=1000.00
PP-3308    write_off  C035      20   3.40      FA-2220=3.40
PRLV-3309  payment    C011      24   1056.72   FA-2278=1056.72
REJ-3309   return     C011      17   -1056.72  FA-2278=-1056.72
CHQ-3310   payment    C036      60   1692.00   FA-2214=1692.00
IMP-3310   return     C036      45   -1692.00  FA-2214=-1692.00
LET-3311   netting    C030      9    0.00      FA-2287=252.00 AV-102=-252.00
LET-3312   netting    C052      8    0.00      FA-2341=120.00 AC-102=-120.00
CHQ-3313   payment    C056      700  980.00    REPRISE-1=980.00
VIR-3314   payment    C033      60   1500.00   FA-2216/1=1500.00
VIR-3315   payment    C033      3    700.00    FA-2216/2=700.00
VIR-3316   payment    C034      30   5400.00   FA-2232=5400.00
LET-3317   netting    C034      30   0.00      FA-2232=624.00 AV-104=-624.00
VIR-3318   payment    C041      20   1310.40   FA-2280=1310.40
""")

BLOCKS = rows("""
number   box                   comment
FA-2315  no_dunning_temporary  Attend le passage de Maëlle jeudi
FA-2254  no_auto_dunning       M. Aubrelle suit ce dossier lui-même
FA-2301  no_manual_dunning     Ne pas appeler : le gérant est hospitalisé
FA-2198  no_auto_dunning       Créance déclarée au passif
FA-2198  no_manual_dunning     Créance déclarée au passif
""")

STATUSES = rows("""
number   status       comment
FA-2260  LITIGE       Deux caisses bouchonnées : avoir partiel établi, en attente d'accord
FA-2150  CONTENTIEUX  Requête en injonction de payer déposée
FA-2142  CONTENTIEUX  Requête en injonction de payer déposée
FA-2198  PROCEDURE    Redressement judiciaire : créance déclarée au mandataire
FA-2167  PROCEDURE    Redressement judiciaire : créance déclarée au mandataire
FA-2294  RAPPEL       Rappeler lundi : la traite n'est pas revenue acceptée
""")

# In how many days the customer promised to pay; a broken promise is negative.
PROMISES = rows("""
number   in  comment
FA-2295  10  Virement promis par Mme Le Bihan au téléphone
FA-2269  -9  Virement promis par M. Benhaddou, rien reçu
FA-2284  -2  Virement promis, la banque confirme sous trois jours
FA-2218  -8  Paiement promis à la commission de fin de mois
""")

# Comments of what was done by hand; the others are written by the batch.
COMMENTS = rows("""
number   comment
FA-2246  Relancé au téléphone puis par mail : préfère un appel
FA-2192  Décision de M. Aubrelle : ne plus relancer, échange de bons procédés
FA-2300  Niveau porté à 2 à la main après l'entretien avec le directeur
FA-2237  Relancé par mail à la demande de Ghislain Péron
""")

BILLED_TO = dict.fromkeys(("FA-2355", "FA-2285", "FA-2333", "FA-2291", "FA-2280"), "C041")
SITES = {
    **dict.fromkeys(("FA-2322", "FA-2336", "FA-2229", "FA-2307", "FA-2237", "FA-2364"), "S2"),
    **dict.fromkeys(("FA-2386", "FA-2303"), "S3"),
}
METHODS = {"FA-2278": "VIR", "FA-2331": "LCR"}  # FA-2278: the direct debit that came back
CURRENCIES = {"FA-2318": "EUR"}  # to a customer of another currency
RECIPIENTS = {"FA-2320": ("chef", "sommelier"), "FA-2284": ("comptable@cabinet-vasseur.example",)}
COPIES = {"FA-2292": ("fiona@aubrelle.example",), "FA-2314": ("maelle@aubrelle.example",)}
MANAGERS = {"FA-2254": "AUB", "FA-2246": "COU", "FA-2300": "AUB"}
LEVELS_BY_HAND = ("FA-2300",)  # a level changed by hand leaves the customer's own where it is
