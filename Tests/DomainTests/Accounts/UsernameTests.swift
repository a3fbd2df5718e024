import Domain
import Testing

@Suite("Usernames and names")
struct UsernameTests {
    @Test(
        "A3: a username has 3–50 letters of any script, digits, _, - and .",
        arguments: [
            "ada", "Ada_Lovelace", "a-b.c", "007", "Ærøskøbing", "Юлия", "山田太郎", "हिन्दी", "_x_",
            String(repeating: "x", count: 50),
        ])
    func good(_ text: String) throws {
        #expect(try Username(text).text == text)
    }

    @Test(
        "A3: a username of another length is refused",
        arguments: ["", "ab", "  ab  ", "éé", String(repeating: "x", count: 51), "a" + "\u{300}"])
    func length(_ text: String) {
        #expect(throws: ProfileError.usernameLength) { try Username(text) }
    }

    @Test(
        "A3: a username with other characters is refused",
        arguments: [
            "ada lovelace", "ada@example.org", "ada/../root", "a\u{0}b", "ada\u{202E}", "ada😀", "...", "_-_",
            "-\u{301}ab", "1\u{301}ab", "adaⅣ", "a\tb", "x²y",
        ])
    func characters(_ text: String) {
        #expect(throws: ProfileError.usernameCharacters) { try Username(text) }
    }

    @Test(
        "a name of the server itself is refused in any case",
        arguments: ["admin", "ADMIN", " Root ", "local", "aDmInIsTrAtOr"])
    func reserved(_ text: String) {
        #expect(throws: ProfileError.usernameReserved) { try Username(text) }
    }

    @Test("every reserved name is a key, or it could never be met")
    func reservedKeys() {
        for name in Username.reserved { #expect(Username(stored: name).key == name) }
    }

    @Test("white space around a username is dropped, and its own spelling is kept")
    func trimming() throws {
        #expect(try Username(" \t Ada \n").text == "Ada")
    }

    @Test(
        "usernames that differ in case only have the same key",
        arguments: [
            ("Ada", "aDA"), ("STRASSE", "straße"), ("ΟΔΥΣΣΕΥΣ", "οδυσσευς"), ("ſam", "Sam"), ("Юлия", "ЮЛИЯ"),
        ])
    func keys(_ first: String, _ second: String) throws {
        #expect(try Username(first).key == Username(second).key)
    }

    @Test("usernames that differ otherwise have different keys")
    func differentKeys() throws {
        let names = ["ada", "áda", "a.da", "a_da", "adа"]
        #expect(Set(try names.map { try Username($0).key }).count == names.count)
    }

    @Test("A3: a person's name has 1–100 characters on one line, in any script")
    func personNames() throws {
        #expect(try PersonName("  Ada Augusta ").text == "Ada Augusta")
        #expect(try PersonName("O'Brian-Núñez 🙂").text == "O'Brian-Núñez 🙂")
        _ = try PersonName(String(repeating: "x", count: 100))
        for text in ["", "  ", String(repeating: "x", count: 101)] {
            #expect(throws: ProfileError.nameLength) { try PersonName(text) }
        }
        for text in ["a\nb", "a\u{0}b", "a\u{2028}b", "a\u{202E}b"] {
            #expect(throws: ProfileError.nameCharacters) { try PersonName(text) }
        }
    }

    @Test("A3: a user is called by both names, by the one that is known, or by the username")
    func fullName() throws {
        let (first, last) = (try PersonName("Ada"), try PersonName("Lovelace"))
        let cases: [(PersonName?, PersonName?, String)] = [
            (first, last, "Ada Lovelace"), (first, nil, "Ada"), (nil, last, "Lovelace"), (nil, nil, "ada_l"),
        ]
        for (first, last, expected) in cases {
            let profile = Profile(
                username: try Username("ada_l"), email: try EmailAddress("a@example.org"), firstName: first,
                lastName: last)
            #expect(profile.fullName == expected)
        }
    }

    @Test(
        "a time zone is a name of the IANA database's form, which can be part of a path",
        arguments: ["UTC", "Europe/Berlin", "America/Argentina/ComodRivadavia", "Etc/GMT+12", "EST5EDT"])
    func timeZones(_ name: String) throws {
        #expect(try TimeZoneName(name).text == name)
    }

    @Test(
        "what is no such name is refused",
        arguments: [
            "", "/", "/etc/passwd", "../../etc/passwd", "Europe//Berlin", "Europe/", "Europe/.", "5EST",
            "a b",
            "Euröpe", "a\u{0}", String(repeating: "x", count: 65),
        ])
    func badTimeZones(_ name: String) {
        #expect(throws: ProfileError.timeZone) { try TimeZoneName(name) }
    }
}
