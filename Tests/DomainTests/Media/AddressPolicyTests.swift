import Domain
import Testing

@Suite("Which addresses are connected to")
struct AddressPolicyTests {
    @Test(
        "what is not of the public internet is refused",
        arguments: [
            "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255",
            "192.168.1.1",
            "100.64.0.1", "100.127.255.255", "169.254.0.1", "169.254.169.254", "168.63.129.16",
            "100.100.100.200", "192.0.0.192", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9",
            "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1",
            "::ffff:7f00:1", "::ffff:169.254.169.254", "::ffff:10.1.2.3", "::127.0.0.1", "64:ff9b::10.0.0.1",
            "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "2001::1",
            "2001:0:7f00:1::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::1", "2002:a9fe:a9fe::", "3fff::1",
            "5f00::1", "fc00::1", "fd00:ec2::254", "fd12:3456:789a::1", "fe80::1", "fec0::1", "ff02::1",
        ])
    func refused(text: String) throws {
        let address = try #require(NetworkAddress(text))
        #expect(AddressPolicy().refusal(of: address) != nil)
    }

    @Test(
        "machines of the public internet are not refused",
        arguments: [
            "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
            "172.15.255.255",
            "172.32.0.0", "169.253.255.255", "192.167.255.255", "223.255.255.255", "2606:4700:4700::1111",
            "2a00:1450:4001:80e::200e", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2001:200::1", "2003::1",
        ])
    func open(text: String) throws {
        let address = try #require(NetworkAddress(text))
        #expect(AddressPolicy().refusal(of: address) == nil)
    }

    @Test("a metadata service is called what it is")
    func metadata() throws {
        let address = try #require(NetworkAddress("::ffff:169.254.169.254"))
        #expect(AddressPolicy().refusal(of: address) == "169.254.169.254 is a metadata service")
    }

    @Test("what the operator allows is open, in either spelling, and nothing beside it")
    func allowed() throws {
        let policy = AddressPolicy(allowed: [try #require(AddressRange("10.1.0.0/16"))])
        for text in ["10.1.0.0", "10.1.255.255", "::ffff:10.1.2.3", "64:ff9b::10.1.2.3"] {
            #expect(policy.refusal(of: try #require(NetworkAddress(text))) == nil)
        }
        for text in ["10.0.255.255", "10.2.0.0", "127.0.0.1"] {
            #expect(policy.refusal(of: try #require(NetworkAddress(text))) != nil)
        }
    }

    @Test(
        "addresses are read in their standard spellings and written back",
        arguments: [
            ("192.0.2.1", "192.0.2.1"), ("::ffff:192.0.2.1", "192.0.2.1"), ("::", "0:0:0:0:0:0:0:0"),
            ("2001:DB8::1", "2001:db8:0:0:0:0:0:1"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
            ("1::", "1:0:0:0:0:0:0:0"), ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
        ])
    func spellings(text: String, expected: String) {
        #expect(NetworkAddress(text)?.description == expected)
    }

    @Test(
        "what is no address is not read as one",
        arguments: [
            "", "1", "127.1", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "0x7f.0.0.1", "1.2.3.4 ",
            "+1.2.3.4",
            ":", ":::", "1:2", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "::g", ":1::2", "1.2.3.4::", "::+1",
            "fe80::1%eth0", "localhost", "1:2:3:4:5:6:7::8",
        ])
    func malformed(text: String) {
        #expect(NetworkAddress(text) == nil)
    }

    @Test(
        "blocks are read",
        arguments: [
            ("10.0.0.0/8", "10.0.0.0/8"), ("127.0.0.1", "127.0.0.1/32"), ("::1", "0:0:0:0:0:0:0:1/128"),
            ("fd00::/8", "fd00:0:0:0:0:0:0:0/8"), ("0.0.0.0/0", "0.0.0.0/0"), ("::/0", "0:0:0:0:0:0:0:0/0"),
        ])
    func blocks(text: String, expected: String) {
        #expect(AddressRange(text)?.description == expected)
    }

    @Test(
        "malformed blocks and bits beyond the prefix are refused",
        arguments: [
            "10.0.0.1/8", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/-1", "/8", "10.0.0.0/8/8", "::1/64",
        ])
    func malformedBlocks(text: String) {
        #expect(AddressRange(text) == nil)
    }
}
