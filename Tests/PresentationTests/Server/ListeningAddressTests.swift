import Presentation
import Testing

@Suite("Addresses that a server listens on")
struct ListeningAddressTests {
    @Test(
        "an address is known by its shortest spelling, as clients write it in Host",
        arguments: [
            ("2001:DB8::1", "[2001:db8::1]"), ("2001:db8:0:0:0:0:0:1", "[2001:db8::1]"), ("0::1", "[::1]"),
            ("192.0.2.1", "192.0.2.1"),
        ])
    func spelling(text: String, host: String) {
        #expect(HTTPServerConfiguration.Address(text)?.host == host)
    }

    @Test("loopback is loopback however it is written", arguments: ["0:0:0:0:0:0:0:1", "::1", "127.0.0.1"])
    func loopback(text: String) {
        #expect(HTTPServerConfiguration.Address(text)?.isLoopback == true)
    }

    @Test("a name is no address", arguments: ["localhost", "", "127.0.0.1 ", "::1%lo", "[::1]"])
    func others(text: String) {
        #expect(HTTPServerConfiguration.Address(text) == nil)
    }
}
