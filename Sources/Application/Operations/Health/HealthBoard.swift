import Domain

/// Everything that is known about all parts, and when each is to be looked at next: the monitor without its threads.
struct HealthBoard {
    /// What is to be done at a moment.
    struct Turn {
        /// The looks that begin.
        var begin: [(part: Int, look: Int64)] = []
        /// The looks that have taken too long.
        var cutOff: [Int64] = []
        /// When to ask again, at the latest.
        var next: Timestamp?

        fileprivate mutating func isDue(at moment: Timestamp) {
            next = min(next ?? moment, moment)
        }
    }

    private struct Look {
        let number: Int64
        var since: Timestamp
        var isCutOff = false
    }

    private struct Entry {
        let description: ComponentDescription
        var track: HealthTrack
        /// Whether someone looks; otherwise it is told.
        let isWatched: Bool
        /// From when on it waits for the next look, and until when.
        var wait: (since: Timestamp, until: Timestamp)
        var look: Look?
    }

    /// How many changes are remembered.
    static let historyLength = 1000

    private var entries: [Entry] = []
    private var places: [ComponentName: Int] = [:]
    private var rollUp = HealthRollUp([])
    private var verdicts: [HealthRollUp.Verdict] = []
    private var level = HealthLevel.unknown
    private var windows: [MaintenanceWindow]
    private var inMaintenance: Set<ComponentName> = []
    private var history = RecentValues<HealthTransition>(capacity: Self.historyLength)
    private var lastLook: Int64 = 0
    private(set) var lastNumber: Int64 = 0
    private var isLeaving = false
    /// Whether the server can be used; kept, so that asking costs nothing.
    private(set) var readiness = HealthReadiness(
        isStarted: false, isReady: false, level: .unknown, failing: [])

    init(windows: [MaintenanceWindow]) {
        self.windows = windows
    }

    /// The changes that are remembered, oldest first.
    var transitions: [HealthTransition] { history.all }

    /// How many looks are under way, those included that were given up.
    var activeLooks: Int { entries.count { $0.look != nil } }

    // MARK: Parts

    /// Adds a part, or puts it in the place of the one of that name.
    ///
    /// - Returns: Its place.
    mutating func add(
        _ description: ComponentDescription, pace: HealthPace, isWatched: Bool, at now: Timestamp
    ) -> Int {
        let entry = Entry(
            description: description, track: HealthTrack(pace), isWatched: isWatched, wait: (now, now))
        if let place = places[description.name] {
            entries[place] = entry
        } else {
            places[description.name] = entries.count
            entries.append(entry)
            verdicts.append(HealthRollUp.Verdict(.unknown))
        }
        rollUp = HealthRollUp(entries.map(\.description))
        return places[description.name] ?? 0
    }

    /// Where the part of that name stands.
    func place(of name: ComponentName) -> Int? { places[name] }

    // MARK: Looking

    /// Decides what is to be done now.
    ///
    /// A look that never ends is cut off after its deadline, and counts as a bad reading then and whenever the next
    /// one would be due; no second one is begun beside it, since looks that hang would pile up.
    ///
    /// - Parameter chance: Makes 64 random bits.
    mutating func turn(at now: Timestamp, chance: () -> UInt64) -> (Turn, [HealthTransition]) {
        var turn = Turn()
        var isChanged = updateMaintenance(at: now)
        for index in entries.indices where entries[index].isWatched {
            let pace = entries[index].track.pace
            if let look = entries[index].look, !look.isCutOff {
                // A clock that was set back must not give a look more time.
                if now < look.since { entries[index].look?.since = now }
                let deadline = min(look.since, now) + pace.deadline
                guard now >= deadline else {
                    turn.isDue(at: deadline)
                    continue
                }
                entries[index].look?.isCutOff = true
                turn.cutOff.append(look.number)
                isChanged = fail(index, since: look.since, at: now) || isChanged
                wait(index, at: now, chance: chance())
            }
            let wait = entries[index].wait
            guard now >= wait.until || now < wait.since else {
                turn.isDue(at: wait.until)
                continue
            }
            if let look = entries[index].look {
                isChanged = fail(index, since: min(look.since, now), at: now) || isChanged
                self.wait(index, at: now, chance: chance())
                turn.isDue(at: entries[index].wait.until)
            } else {
                lastLook += 1
                entries[index].look = Look(number: lastLook, since: now)
                turn.begin.append((index, lastLook))
                turn.isDue(at: now + pace.deadline)
            }
        }
        return (turn, isChanged ? refresh(at: now) : [])
    }

    /// A look has ended.
    ///
    /// - Returns: What has changed; nothing when nobody waits for that look any more.
    mutating func end(
        _ look: Int64, of place: Int, with health: ComponentHealth, took: Duration, at now: Timestamp,
        chance: UInt64
    ) -> [HealthTransition] {
        guard entries.indices.contains(place), let open = entries[place].look, open.number == look else {
            return []
        }
        entries[place].look = nil
        // What comes too late says how it was, not how it is: the next look tells.
        guard !open.isCutOff else { return [] }
        let isChanged = take(place, HealthReading(health, at: now, took: took))
        wait(place, at: now, chance: chance)
        return isChanged ? refresh(at: now) : []
    }

    /// Someone tells how a part is, without having been asked.
    mutating func note(_ health: ComponentHealth, of place: Int, at now: Timestamp) -> [HealthTransition] {
        guard entries.indices.contains(place) else { return [] }
        return take(place, HealthReading(health, at: now, took: .zero)) ? refresh(at: now) : []
    }

    /// Forgets the looks that are under way; all parts are due again.
    mutating func giveUpLooks(at now: Timestamp) {
        for index in entries.indices {
            entries[index].look = nil
            entries[index].wait = (now, now)
        }
    }

    /// No new work is taken any more, whatever is found.
    mutating func leave(at now: Timestamp) -> [HealthTransition] {
        isLeaving = true
        return refresh(at: now)
    }

    private mutating func take(_ index: Int, _ reading: HealthReading) -> Bool {
        let isFirst = entries[index].track.latest == nil
        return entries[index].track.take(reading) || isFirst
    }

    private mutating func fail(_ index: Int, since start: Timestamp, at now: Timestamp) -> Bool {
        let description = entries[index].description
        let health = ComponentHealth(
            name: description.name.text, level: .unhealthy,
            detail: "no answer for \((now - start).wholeMilliseconds) ms", isEssential: description.isCritical
        )
        return take(index, HealthReading(health, at: now, took: max(.zero, now - start)))
    }

    private mutating func wait(_ index: Int, at now: Timestamp, chance: UInt64) {
        let track = entries[index].track
        entries[index].wait = (now, now + track.pace.pause(isUrgent: track.isUrgent, chance: chance))
    }

    // MARK: Verdicts

    private mutating func updateMaintenance(at now: Timestamp) -> Bool {
        guard !windows.isEmpty || !inMaintenance.isEmpty else { return false }
        let current = Set(windows.filter { $0.contains(now) }.map(\.part))
        defer { inMaintenance = current }
        return current != inMaintenance
    }

    private mutating func refresh(at now: Timestamp) -> [HealthTransition] {
        let next = rollUp.verdicts(of: entries.map { own($0, $0.track.settled) })
        var changes: [HealthTransition] = []
        for (index, entry) in entries.enumerated() where next[index].level != verdicts[index].level {
            changes.append(
                transition(
                    entry.description.name, from: verdicts[index].level, to: next[index],
                    detail: entry.track.latest?.health.detail ?? "", at: now))
        }
        verdicts = next
        let whole = rollUp.level(of: next)
        if whole != level {
            let causes = rollUp.rootCauses(of: next)
            let verdict = HealthRollUp.Verdict(whole, because: causes.first)
            let detail = causes.map(\.text).joined(separator: ", ")
            changes.append(transition(nil, from: level, to: verdict, detail: detail, at: now))
            level = whole
        }
        for change in changes { history.append(change) }
        let critical = entries.indices.filter { entries[$0].description.isCritical }
        // What is added to a server that runs does not put it back to its start.
        let isStarted =
            readiness.isStarted
            || !entries.isEmpty && critical.allSatisfy { entries[$0].track.latest != nil }
        let failing = critical.filter { place in
            !verdicts[place].level.allowsWork || !isStarted && entries[place].track.latest == nil
        }
        readiness = HealthReadiness(
            isStarted: isStarted, isReady: isStarted && !isLeaving && level.allowsWork, level: level,
            failing: failing.map { entries[$0].description.name.text })
        return changes
    }

    private func own(_ entry: Entry, _ level: HealthLevel) -> HealthLevel {
        inMaintenance.contains(entry.description.name) ? .maintenance : level
    }

    private mutating func transition(
        _ part: ComponentName?, from previous: HealthLevel, to verdict: HealthRollUp.Verdict, detail: String,
        at now: Timestamp
    ) -> HealthTransition {
        lastNumber += 1
        return HealthTransition(
            number: lastNumber, part: part, from: previous, to: verdict.level, cause: verdict.cause,
            detail: detail, at: now)
    }

    /// How well everything is; what is too old is unknown.
    func report(at now: Timestamp) -> HealthReport {
        let verdicts = rollUp.verdicts(of: entries.map { own($0, $0.track.level(at: now)) })
        return HealthReport(
            parts: zip(entries, verdicts).map {
                PartHealth($0.description, verdict: $1, track: $0.track, at: now)
            },
            level: rollUp.level(of: verdicts), rootCauses: rollUp.rootCauses(of: verdicts), checkedAt: now)
    }
}
