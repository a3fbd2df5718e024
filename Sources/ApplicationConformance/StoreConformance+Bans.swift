import Application
import Domain

extension StoreConformance {
    static let bans: [ConformanceRule<any Store>] = [
        ConformanceRule(
            "a ban is read back as it was written, one for each address, and goes once it is over"
        ) {
            store in
            func ban(_ number: UInt32, until seconds: Int64, strikes: Int = 1) -> AddressBan {
                AddressBan(
                    address: NetworkAddress(version4: number), reason: "it was “not” \(number)",
                    origin: number % 2 == 0
                        ? .automatic : .administrator(Sample.id(7, User.self)),
                    strikes: strikes, bannedAt: Sample.now, until: Sample.now + .seconds(seconds))
            }
            let first = (1...4).map { ban($0, until: Int64($0) * 10) }
            try await store.write { writer in
                for ban in first { try writer.banWriter.put(ban) }
            }
            try expect(try store.read { try $0.bans.all() }, is: first, "the bans")
            let again = ban(1, until: 100, strikes: 2)
            try await store.write { writer in
                try writer.banWriter.put(again)
                try writer.banWriter.remove(first[1].address)
            }
            try expect(
                try store.read { try $0.bans.all() }, is: [first[2], first[3], again], "the changed bans")
            let forgotten = try await store.write {
                try $0.banWriter.forget(overBefore: Sample.now + .seconds(41), limit: 1)
            }
            try expect(forgotten, is: 1, "the number forgotten")
            try expect(try store.read { try $0.bans.all() }, is: [first[3], again], "the bans that are left")
        },
        ConformanceRule("allowed addresses are read back as they were written, one line for each block") {
            store in
            let blocks = try ["192.0.2.0/24", "2001:db8::/32", "198.51.100.7"].map {
                try require(AddressRange($0), $0)
            }
            func allowed(_ index: Int, _ reason: String) -> AllowedAddresses {
                AllowedAddresses(
                    range: blocks[index], reason: reason, addedAt: Sample.now + .seconds(Int64(index)))
            }
            let first = (0..<3).map { allowed($0, "the office") }
            let changed = allowed(1, "another office")
            try await store.write { writer in
                for line in first.reversed() { try writer.banWriter.put(line) }
            }
            try expect(try store.read { try $0.bans.allowed() }, is: first, "the lines")
            try await store.write { writer in
                try writer.banWriter.put(changed)
                try writer.banWriter.remove(blocks[0])
            }
            try expect(
                try store.read { try $0.bans.allowed() }, is: [changed, first[2]],
                "the changed lines")
        },
    ]
}
