"""What the invented accounts are called, and what their people say."""

TEAM = ("Ana Ruiz", "Jon Beck", "Mei Tanaka", "Priya Nair")

COMPANIES = (
    "Aldgate Partners|Alpenrose|Amber Freight|Anvil & Reed|Aqueduct Systems|Arbor Dental|"
    "Ardent Foods|Ashgrove Clinics|Avalon Textiles|Azul Viajes|Banyan Credit|Barley & Rye|"
    "Basalt Mining|Beacon Schools|Bergström Möbler|Birchwood Care|Blue Lantern|Boréal Énergie|"
    "Brightwater Utilities|Cairn Hotels|Calder Printing|Campanile Vini|Canopy Insurance|"
    "Cardinal Parts|Casa Verde|Cedar Point Bank|Chalk Farm Studios|Cinder Games|Citadel Storage|"
    "Clearview Optics|Cobalt Paints|Copper Kettle|Coral Bay Resorts|Crane & Sons|Dagny Solar|"
    "Driftwood Media|Dubois Frères|Eastgate Rail|Elm Street Dental|Ember Heating|Estrela Cafés|"
    "Fable Toys|Falcon Couriers|Fennel Kitchens|Fjord Seafood|Flint Security|Foxglove Pharma|"
    "Garnet Jewellers|Gullwing Air|Hallmark Pumps|Harbour Light|Hazel Nurseries|Helios Glass|"
    "Heron Publishing|Hollis Legal|Horizon Farms|Indigo Dyeworks|Ironbridge Steel|Ivory Piano|"
    "Jasper Stoneworks|Juniper Travel|Kiln & Clay|Kingfisher Boats|La Paloma|Larkspur Events|"
    "Laurel Bank|Limestone Cement|Linden Apotheke|Lotus Wellness|Lumen Lighting|Maple Leaf Dairy|"
    "Marigold Care|Meridian Maps|Mill Lane Bakery|Mistral Voiles|Monarch Coaches|Moss & Fern|"
    "Nimbus Weather|Nordlicht Theater|Oakhurst Schools|Obsidian Labs|Ocean Drive|Olive Grove|"
    "Onyx Audio|Osprey Drones|Paragon Tiles|Pebble Bank|Pinecrest Homes|Quarry Road|Quill Press|"
    "Raven Couriers|Redwood Timber|Rosewater Spa|Saffron Foods|Sandstone Law|Silver Birch|"
    "Skylark Radio|Slate & Co|Sparrow Toys|Starling Rail|Sunny Side Eggs|Tamarind Foods|"
    "Thistle Wool|Tidewater Docks|Topaz Screens|Umber Inks|Valencia Naranjas|Velvet Curtains|"
    "Violet Cosmetics|Walnut Grove|Weaver Textiles|Willow Creek|Wren Homes|Yellowstone Tours|"
    "Zephyr Kites"
).split("|")
FAR_COMPANIES = (  # always in the book: names that a screen may get wrong
    "شركة النور للتجارة|אורן טכנולוגיות|บริษัท สยามโลจิสติกส์|한빛소프트|Северный Ветер|"
    "Αθηνά Ναυτιλία|आर्या टेक|山本製作所|红杉医疗|Świętokrzyskie Wody|Łódź Textil|Çınar Gıda|"
    "[brackets] & Braces|Reykjavík Ísbúð|Đà Nẵng Foods"
).split("|")

PARENTS = dict.fromkeys(("Fjord Seafood", "Maple Leaf Dairy", "Sunny Side Eggs"), "A006")

INDUSTRIES = ("software", "finance", "health", "retail", "public", "logistics", "media", "energy")
FORMS = {"EMEA": ("Ltd", "GmbH", "SA", "AB", "BV", ""), "AMER": ("Inc", "LLC", "Corp", "")}

FIRST_NAMES = (
    "Amara Anders Beatriz Carla Chen Daniel Elif Emma Farid Grace Hana Ines Ivo Jamal Johanna "
    "Karim Keiko Lars Leila Marco Maya Nadia Noah Olga Omar Paula Rafael Rosa Samir Sofia Tariq "
    "Tomás Ulla Victor Wei Yara Yusuf Zoe"
).split()
LAST_NAMES = (
    "Abe Adler Almeida Bauer Becker Castro Cohen Costa Dubois Ek Fischer Fontaine Garcia Haddad "
    "Hansen Ito Jensen Kaya Khan Kim Klein Kowalski Lange Lopez Mensah Moreau Nakamura Novak "
    "Okafor Olsen Park Patel Petrov Rossi Schmidt Silva Singh Sørensen Wang Weber"
).split()

TITLES = {
    "champion": ("Head of Operations", "Product Owner", "Team Lead", "Programme Manager"),
    "decision maker": ("CFO", "COO", "Managing Director", "VP Operations"),
    "user": ("Analyst", "Planner", "Coordinator", "Specialist"),
    "sponsor": ("CEO", "CIO"),
}

SUBJECTS = {
    "billing": (
        "Invoice shows last year's address",
        "Two invoices for one month",
        "VAT id missing",
    ),
    "login": (
        "SSO loop after certificate change",
        "New colleague cannot log in",
        "Reset mail late",
    ),
    "bug": ("Export drops the last column", "Totals differ from the report", "Page stays blank"),
    "how-to": ("How do we archive a project?", "Copy a template between teams", "Set up approvals"),
    "integration": (
        "Sync with the ERP stops at night",
        "Webhook arrives twice",
        "API limit reached",
    ),
}

# By tone and language; what some say of tablets and permissions is on no list of themes.
COMMENTS = {
    "good": {
        "en": (
            "It simply works, and people answer quickly.",
            "We showed it to our board. They asked for more.",
            "Saves our planners half a day a week.",
        ),
        "de": (
            "Spart uns jede Woche einen halben Tag.",
            "Endlich eine Auswertung, der alle glauben.",
            "Der Support antwortet, bevor wir nachfragen.",
        ),
        "ja": (
            "サポートの対応がとても早く、助かっています。",
            "レポートをそのまま役員会で使っています。",
        ),
        "zh": (
            "上线很顺利，团队很喜欢这个报表。",
            "客服回复很快，问题当天就解决。",
        ),
    },
    "middling": {
        "en": (
            "Good product, but the exports are clumsy.",
            "Fine for daily work. Reporting needs a specialist.",
            "Permissions are hard to explain to new people.",
            "On a tablet half of it is missing.",
        ),
        "de": (
            "Funktioniert, aber die Schulung kam zu spät.",
            "Die Rechteverwaltung versteht bei uns nur einer.",
            "Auf dem Tablet fehlt die Hälfte.",
        ),
        "ja": (
            "機能は十分ですが、画面が少し遅いです。",
            "権限の設定が複雑で、新人に説明できません。",
        ),
        "zh": (
            "功能不错，但是中文文档太少。",
            "权限设置太复杂，新同事看不懂。",
        ),
    },
    "bad": {
        "en": (
            "Nobody told us about the price change.",
            "We pay for seats that nobody uses.",
            "Sync fails at night, and dispatch works from paper.",
            "The third account manager in a year; we explain everything again.",
        ),
        "de": (
            "Drei Wochen auf eine Antwort gewartet.",
            "Die Schnittstelle fällt jede Woche aus.",
            "Preiserhöhung ohne ein Wort vorher.",
        ),
        "ja": (
            "担当者が何度も変わり、同じ説明を繰り返しました。",
            "問い合わせの返信に一週間かかりました。",
            "値上げの説明がありませんでした。",
        ),
        "zh": (
            "同步经常失败，我们又回到了电子表格。",
            "等了两个星期才有人回复。",
            "价格上涨没有提前通知。",
        ),
    },
}
LANGUAGES = {"山本製作所": "ja", "红杉医疗": "zh"}  # of names; others by form and region

TALKS = (
    "Usage by team; they want to add the night shift.",
    "Showed the new approvals; one project will try them.",
    "Asked for a training for four new colleagues.",
    "Goals for next quarter agreed: fewer manual exports.",
    "Quiet call. All well, no open questions.",
    "Compared us with a cheaper tool; support decided it.",
    "Budget round is in January; they need figures by then.",
    "Planned the QBR; they bring their own numbers.",
)
MAILS = (
    "Sent the summary of last week's call.",
    "Asked how the roll-out is going.",
    "Shared a tip.",
)
REPLIES = (
    "Thanked, and asked for the slides.",
    "Answered our questions.",
    "Wants a call next week.",
)

PROMISES_BY_US = ("Report for their board", "Training for the new team", "Answer on the API limit")
PROMISES_BY_THEM = ("List of new users", "Decision on the pilot", "Contact in procurement")

REASONS = ("price", "product", "support", "better deal", "bankruptcy", "reorganisation")
FAREWELLS = {
    "price": "Half the price elsewhere, and good enough for us.",
    "product": "We needed offline work, and it did not come.",
    "support": "Too often we had to ask twice.",
    "better deal": "The group bought one tool for everybody.",
    "bankruptcy": "The company closed.",
    "reorganisation": "The department that used it no longer exists.",
}

NEXT_STEPS = (
    "Ask for a second contact",
    "Send the figures for their budget",
    "Plan the QBR",
    "Training for the new team",
    "Walk through the quote on a call",
    "Check whether the export fix helped",
    "Ask what would make it a 10",
    "Invite to the advisory board",
)
