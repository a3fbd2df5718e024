import Application
import Infrastructure
import Testing

@Suite("Sealing")
struct SodiumSecretBoxTests {
    private let secret = Array("a refresh token of somebody else's service".utf8)

    @Test("what was sealed can be opened, and cannot be read", arguments: [0, 1, 42, 10_000])
    func opens(count: Int) throws {
        let box = SodiumSecretBox(try Keys.ring(0))
        let secret = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        let sealed = box.seal(secret, context: "outbox")
        #expect(box.open(sealed, context: "outbox") == secret)
        // The mark of the key, the nonce and the tag.
        #expect(sealed.count == count + 1 + 24 + 16)
        #expect(count < 42 || !sealed.dropFirst(25).starts(with: secret.prefix(16)))
    }

    @Test("the same is sealed differently each time")
    func nonce() throws {
        let box = SodiumSecretBox(try Keys.ring(0))
        let nonces = (0..<50).map { _ in Array(box.seal(secret, context: "")[1..<25]) }
        #expect(Set(nonces).count == 50)
    }

    @Test("it opens for no other context")
    func context() throws {
        let box = SodiumSecretBox(try Keys.ring(0))
        let sealed = box.seal(secret, context: "user 1")
        for other in ["user 2", "", "user 1 ", "User 1"] {
            #expect(box.open(sealed, context: other) == nil)
        }
    }

    @Test("it does not open when any one bit was changed, or bytes are missing or too many")
    func tampering() throws {
        let box = SodiumSecretBox(try Keys.ring(0))
        let sealed = box.seal(secret, context: "outbox")
        for index in sealed.indices {
            for bit in 0..<8 {
                var changed = sealed
                changed[index] ^= 1 << bit
                #expect(box.open(changed, context: "outbox") == nil, "byte \(index), bit \(bit)")
            }
            #expect(box.open(Array(sealed[..<index]), context: "outbox") == nil)
        }
        #expect(box.open(sealed + [0], context: "outbox") == nil)
    }

    @Test("a new key seals, earlier ones open, and one that was dropped does not")
    func rotation() throws {
        let sealed = SodiumSecretBox(try Keys.ring(0)).seal(secret, context: "outbox")
        let rotated = SodiumSecretBox(try Keys.ring(1, 0))
        #expect(rotated.open(sealed, context: "outbox") == secret)
        let anew = rotated.seal(secret, context: "outbox")
        #expect(SodiumSecretBox(try Keys.ring(1)).open(anew, context: "outbox") == secret)
        #expect(SodiumSecretBox(try Keys.ring(1)).open(sealed, context: "outbox") == nil)
    }

    @Test("of two keys that bear the same mark each opens what it has sealed")
    func collision() throws {
        // Found by trying: the marks of one byte collide for some pair of any 256 keys and more.
        let boxes = try (0...255).map { SodiumSecretBox(try Keys.ring(UInt8($0))) }
        let marks = boxes.map { $0.seal([], context: "")[0] }
        let pair = try #require(
            (0...255).lazy.flatMap { first in (first + 1..<256).map { (first, $0) } }
                .first { marks[$0.0] == marks[$0.1] })
        let both = SodiumSecretBox(try Keys.ring(UInt8(pair.0), UInt8(pair.1)))
        for index in [pair.0, pair.1] {
            #expect(both.open(boxes[index].seal(secret, context: "a"), context: "a") == secret)
        }
    }
}
