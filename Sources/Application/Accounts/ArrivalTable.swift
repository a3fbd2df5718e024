package import Domain
internal import Synchronization

/// What is remembered of very many keys for ``Domain/RateLimit``, in a bounded piece of memory.
///
/// A key is known by 64 bits of a hash with a random seed (SipHash, by `Hasher`), so that nobody can choose keys that
/// meet in one place. It may stand in either of two buckets of eight slots and goes to the emptier one ("the power
/// of two choices", Mitzenmacher 2001), which fills a table to nine tenths before any key finds no room. A look-up
/// touches two buckets of two cache lines each. The table grows by doubling up to its bound and is never scanned: a
/// slot whose key is forgettable is as good as an empty one.
///
/// **What happens at the bound.** When all sixteen slots hold keys that still matter, the one that has used up least
/// makes room, and its bucket remembers the most that any key had used up which had to go from there: its floor. Every
/// newcomer begins at the floors of its two buckets (the idea is that of "space saving", Metwally et al., 2005). So a
/// key that comes back finds at least what it left: however many keys an attacker brings along, none of them gets more
/// than its limit. The price is paid by newcomers, in the minutes in which more keys than the table holds are in use
/// at once: they may be refused early.
package final class ArrivalTable<Key: Hashable & Sendable>: Sendable {
    private let shards: [Shard]
    private let shardMask: UInt64

    /// A table that holds up to `capacity` keys, rounded up to a power of two, of 17 bytes each.
    ///
    /// - Parameter capacity: 2,097,152 as long as nothing else is said, which is 34 MiB.
    package init(capacity: Int = 1 << 21) {
        // Small tables need no shards; large ones have enough that threads seldom wait for each other.
        let slots = max(Bucket.size, capacity).roundedUpToPowerOfTwo
        let count = max(1, min(64, slots / (64 * Bucket.size)))
        shards = (0..<count).map { _ in Shard(mostBuckets: slots / Bucket.size / count) }
        shardMask = UInt64(count - 1)
    }

    /// Decides about a request by what is remembered of its key, and remembers it.
    ///
    /// - Parameter now: In nanoseconds of a clock that never goes back.
    package func decide(_ key: Key, by limit: RateLimit, at now: Int64) -> RateLimit.Decision {
        let hash = Self.hash(of: key)
        return shards[Int(hash & shardMask)].buckets.withLock { buckets in
            buckets.decide(hash, by: limit, at: now)
        }
    }

    /// What is remembered of a key; nil when nothing is.
    package func arrival(of key: Key) -> RateLimit.Arrival? {
        let hash = Self.hash(of: key)
        return shards[Int(hash & shardMask)].buckets.withLock { buckets in
            buckets.place(of: hash).map { RateLimit.Arrival(nanoseconds: buckets[$0]) }
        }
    }

    /// How much memory the slots take now, in bytes.
    package var byteCount: Int {
        shards.reduce(0) { sum, shard in
            sum + shard.buckets.withLock { $0.count }
                * (MemoryLayout<Bucket>.stride + MemoryLayout<Int64>.stride)
        }
    }

    private static func hash(of key: Key) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(key)
        // Zero stands for an empty slot.
        return max(1, UInt64(bitPattern: Int64(hasher.finalize())))
    }
}

/// A part of the table with a lock of its own.
private final class Shard: Sendable {
    let buckets: Mutex<Buckets>

    init(mostBuckets: Int) {
        buckets = Mutex(Buckets(most: mostBuckets))
    }
}

/// Eight slots: the hashes of the keys beside each other, and what is remembered of each, in nanoseconds.
private struct Bucket {
    static let size = 8
    static let empty = Bucket(
        keys: SIMD8(repeating: 0), arrivals: SIMD8(repeating: .min))

    var keys: SIMD8<UInt64>
    var arrivals: SIMD8<Int64>

    /// The slot of a key.
    func slot(of hash: UInt64) -> Int? {
        // One by one: the comparison of all at once takes twice as long on a processor of which nothing is assumed.
        for slot in 0..<Self.size where keys[slot] == hash { return slot }
        return nil
    }
}

private struct Buckets {
    /// A slot.
    struct Place {
        let bucket: Int
        let slot: Int
    }

    private var buckets: [Bucket]
    /// The most that a key had used up which had to go from each bucket.
    private var floors: [Int64]
    private let most: Int

    init(most: Int) {
        buckets = Array(repeating: .empty, count: min(most, 8))
        floors = Array(repeating: .min, count: buckets.count)
        self.most = most
    }

    var count: Int { buckets.count }

    subscript(place: Place) -> Int64 { buckets[place.bucket].arrivals[place.slot] }

    mutating func decide(_ hash: UInt64, by limit: RateLimit, at now: Int64) -> RateLimit.Decision {
        let known = place(of: hash)
        let place = known ?? makeRoom(at: now, for: hash)
        let before = known == nil ? floor(for: hash) : self[place]
        var arrival: RateLimit.Arrival? = before > now ? RateLimit.Arrival(nanoseconds: before) : nil
        let decision = limit.decide(&arrival, at: now)
        buckets[place.bucket].keys[place.slot] = hash
        // A limit with a shorter window may begin where one with a longer has left: nothing is forgiven.
        buckets[place.bucket].arrivals[place.slot] = max(before, arrival?.nanoseconds ?? now)
        return decision
    }

    /// Where a key stands.
    func place(of hash: UInt64) -> Place? {
        let (first, second) = homes(of: hash, among: buckets.count)
        if let slot = buckets[first].slot(of: hash) { return Place(bucket: first, slot: slot) }
        return buckets[second].slot(of: hash).map { Place(bucket: second, slot: $0) }
    }

    /// A slot for a key that has none: a free one where there is any, else that of the key which used up least.
    private mutating func makeRoom(at now: Int64, for hash: UInt64) -> Place {
        while true {
            let (first, second) = homes(of: hash, among: buckets.count)
            if let place = freePlace(in: first, or: second, at: now) { return place }
            if buckets.count == most { return vacated(in: first, or: second) }
            grow()
        }
    }

    /// A free slot in the bucket that has more of them.
    private func freePlace(in first: Int, or second: Int, at now: Int64) -> Place? {
        let free = (buckets[first].arrivals .<= now, buckets[second].arrivals .<= now)
        let counts = ((0..<Bucket.size).count { free.0[$0] }, (0..<Bucket.size).count { free.1[$0] })
        let (bucket, mask) = counts.0 >= counts.1 ? (first, free.0) : (second, free.1)
        return (0..<Bucket.size).first { mask[$0] }.map { Place(bucket: bucket, slot: $0) }
    }

    /// The slot of the key that has used up least, which has to go.
    private mutating func vacated(in first: Int, or second: Int) -> Place {
        let leasts = (buckets[first].arrivals.min(), buckets[second].arrivals.min())
        let (bucket, least) = leasts.0 <= leasts.1 ? (first, leasts.0) : (second, leasts.1)
        let slot = (0..<Bucket.size).first { buckets[bucket].arrivals[$0] == least }
        floors[bucket] = max(floors[bucket], least)
        return Place(bucket: bucket, slot: slot ?? 0)
    }

    /// What a key begins with that has no slot: it may be one that had to go from either of its buckets.
    private func floor(for hash: UInt64) -> Int64 {
        let (first, second) = homes(of: hash, among: buckets.count)
        return max(floors[first], floors[second])
    }

    /// Doubles the table.
    ///
    /// What stands in a bucket goes to the bucket of the same number or to the one that is as many farther as there
    /// were buckets, each of which takes from no other; so there is room for all.
    private mutating func grow() {
        let old = buckets
        buckets = Array(repeating: .empty, count: old.count * 2)
        // Nothing had to go while there was room to grow.
        floors = Array(repeating: .min, count: buckets.count)
        var filled = [UInt8](repeating: 0, count: buckets.count)
        for (number, bucket) in old.enumerated() {
            for slot in 0..<Bucket.size where bucket.keys[slot] != 0 {
                let hash = bucket.keys[slot]
                let (oldFirst, _) = homes(of: hash, among: old.count)
                let (first, second) = homes(of: hash, among: buckets.count)
                let home = oldFirst == number ? first : second
                let place = Int(filled[home])
                buckets[home].keys[place] = hash
                buckets[home].arrivals[place] = bucket.arrivals[slot]
                filled[home] += 1
            }
        }
    }

    /// The two buckets in which a key may stand, by bits that no shard is chosen by.
    private func homes(of hash: UInt64, among count: Int) -> (first: Int, second: Int) {
        let mask = UInt64(count - 1)
        return (Int(hash >> 8 & mask), Int(hash >> 36 & mask))
    }
}

extension Int {
    /// The least power of two that is not smaller; for positive numbers.
    fileprivate var roundedUpToPowerOfTwo: Int {
        self <= 1 ? 1 : 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount)
    }
}
