import Presentation
import Testing

@Suite("Cookies of a request")
struct CookieTests {
    @Test(
        "a cookie is found by its name, whatever stands around it",
        arguments: [
            ("a=1", Cookies.Finding.one("1")), ("b=2; a=1", .one("1")), ("b=2;a=1", .one("1")),
            (" a = 1 ; b", .one("1")), ("a=", .one("")), ("a=x=y", .one("x=y")), ("a=\"1\"", .one("\"1\"")),
            ("", .none), ("a", .none), ("A=1", .none), ("aa=1; b=a=1", .none), (";;; ;", .none),
            ("a=1; a=1", .unclear), ("a=1; b=2; a=2", .unclear),
        ])
    func finding(text: String, expected: Cookies.Finding) {
        #expect(Cookies.find("a", in: ["Cookie": text]) == expected)
    }

    @Test("no more is looked at than the bounds say")
    func bounds() {
        let most = (1..<Cookies.most).map { "c\($0)=1; " }.joined()
        #expect(Cookies.find("a", in: ["Cookie": most + "a=1"]) == .one("1"))
        #expect(Cookies.find("a", in: ["Cookie": most + "b=1; a=1"]) == .unclear)
        let long = "a=" + String(repeating: "1", count: Cookies.mostBytes - 1)
        #expect(Cookies.find("a", in: ["Cookie": long]) == .unclear)
        #expect(Cookies.find("a", in: ["Cookie": "a=1", "cookie": "b=1"]) == .unclear)
        #expect(Cookies.find("a", in: [:]) == .none)
    }
}
