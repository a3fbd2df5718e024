public import Application
import Domain

/// What every registry of owners promises.
public enum OwnerRegistryConformance {
    /// All promises.
    public static let rules: [ConformanceRule<any OwnerRegistry>] = [
        ConformanceRule("an owner is alive exactly as long as its presence is held") { registry in
            let owner = Sample.owner(1)
            try expect(try registry.isGone(owner), "an owner that never came is alive")
            for _ in 0..<2 {
                let presence = try registry.enter(owner)
                try expect(try !registry.isGone(owner), "an owner that is there counts as gone")
                withExtendedLifetime(presence) {}
            }
            try expect(try registry.isGone(owner), "an owner that left is alive")
        },
        ConformanceRule("an owner cannot be there twice") { registry in
            let presence = try registry.enter(Sample.owner(1))
            try await expect(throws: isConflict, "it came twice") { try registry.enter(Sample.owner(1)) }
            try expect(try !registry.isGone(Sample.owner(1)), "the refusal drove out the one that was there")
            withExtendedLifetime(presence) {}
        },
        ConformanceRule("one owner's end is not another's") { registry in
            let presence = try registry.enter(Sample.owner(1))
            do {
                let other = try registry.enter(Sample.owner(2))
                withExtendedLifetime(other) {}
            }
            try expect(try registry.isGone(Sample.owner(2)), "the owner that left is alive")
            try expect(try !registry.isGone(Sample.owner(1)), "the owner that stayed counts as gone")
            withExtendedLifetime(presence) {}
        },
    ]
}
