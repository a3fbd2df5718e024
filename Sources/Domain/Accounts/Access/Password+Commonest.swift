extension Password {
    /// The passwords of 8 and more characters that lead the lists of leaked ones, in lower case.
    ///
    /// Chosen from the tops of SecLists' `10k-most-common` and NordPass' yearly lists: few enough to read, since
    /// sign-in is throttled and only what is tried first matters. Those of one or two different characters
    /// are refused by ``leastVariety``.
    static let commonest: Set<String> = [
        "00112233", "01234567", "0123456789", "0987654321", "10203040", "11223344", "112233445566",
        "12341234", "123123123", "123321123", "12344321", "1234567890", "12345678", "123456789",
        "1234567891", "12345678910", "123456abc", "12345qwert", "1234abcd", "1234qwer", "123abc123",
        "123qwe123", "147258369", "1a2b3c4d", "1q2w3e4r", "1q2w3e4r5t", "1qaz2wsx", "1qazxsw2", "87654321",
        "987654321", "9876543210", "abc12345", "abcd1234", "abcdefgh", "abcdefghi", "admin123",
        "admin1234", "administrator", "alexander", "asdf1234", "asdfasdf", "asdfghjk", "asdfghjkl",
        "baseball", "basketball", "blink182", "butterfly", "changeit", "changeme", "changeme1", "charlie1",
        "chocolate", "computer", "corvette", "cutroom1", "cutroom123", "danielle", "default1",
        "dragon123", "einstein", "elephant", "football", "football1", "garfield", "guest1234", "hello123",
        "hunter123", "iloveyou", "iloveyou1", "iloveyou2", "internet", "jennifer", "jonathan", "letmein1",
        "letmein123", "liverpool", "login123", "loveyou1", "marlboro", "maverick", "mercedes", "metallica",
        "michelle", "midnight", "minecraft", "monkey123", "motorola", "mustang1", "nicholas", "nintendo",
        "p@ssw0rd", "p@ssword", "pa$$word", "pa55word", "passw0rd", "passwort", "password", "password!",
        "password1", "password1!", "password12", "password123", "password1234", "password2", "pokemon123",
        "princess", "princess1", "q1w2e3r4", "q1w2e3r4t5", "qazwsx123", "qazwsxedc", "qwer1234", "qwert123",
        "qwertyui", "qwertyuiop", "qwerty12", "qwerty123", "qwerty1234", "qwerty12345",
        "samantha", "scorpion", "secret123", "shadow123", "slipknot", "spiderman", "startrek",
        "starwars", "steelers", "sunshine", "sunshine1", "superman", "superman1", "superstar", "swordfish",
        "test1234", "testtest", "trustno1", "university", "user1234", "victoria", "welcome1", "welcome123",
        "whatever", "william1", "zaq12wsx", "zxcvbnm1", "zxcvbnm123",
    ]
}
