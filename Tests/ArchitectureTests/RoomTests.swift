import Testing

@Suite("Rooms keep to themselves")
struct RoomTests {
    /// Rooms of Infrastructure that are tools for the others.
    static let tools: Set<String> = ["Processes", "Records", "Threads", "Security"]
    /// Rooms that talk to other servers, and so may use Curl.
    static let callers: Set<String> = [
        "Media", "Speech", "Language", "ComfyUI", "Notifications", "Telemetry",
    ]
    /// What people use Cutroom for: the same names in Domain, Application and Presentation.
    static let features: Set<String> = [
        "Accounts", "Media", "Clipping", "Jobs", "Notes", "Storyboards", "Generation", "Operations",
    ]

    @Test("the technologies of Infrastructure do not use each other")
    func infrastructure() {
        let files = Repository.sources(in: "Infrastructure")
        let rooms = Dictionary(grouping: files) { $0.folders.count > 2 ? $0.folders[2] : "" }
        #expect(rooms[""] == nil, "every file of Infrastructure is in a room")
        for (room, residents) in rooms {
            for (other, owned) in rooms where other != room && !Self.tools.contains(other) {
                if other == "Curl", Self.callers.contains(room) { continue }
                expectNoUse(of: owned, by: residents)
            }
        }
    }

    @Test(
        "the rooms of Presentation look one way only",
        arguments: [
            ("HTTP", ["Server", "API", "Console"]),
            ("Server", ["API", "Console"]),
            ("API", ["Server", "Console"]),
            ("Console", ["Server", "API", "HTTP"]),
        ])
    func presentation(room: String, others: [String]) {
        for other in others {
            expectNoUse(
                of: Repository.sources(in: "Presentation/\(other)"),
                by: Repository.sources(in: "Presentation/\(room)"))
        }
    }

    @Test("HTTP and the server know no names of the Domain", arguments: ["HTTP", "Server"])
    func withoutDomain(room: String) {
        for file in Repository.sources(in: "Presentation/\(room)") {
            for (module, line) in file.imports where module == "Domain" || module == "Application" {
                Issue.record("\(file.path):\(line) imports \(module)")
            }
        }
    }

    @Test("no room has a name that says nothing")
    func names() {
        let empty: Set<String> = [
            "Common", "Utils", "Utilities", "Helpers", "Models", "Services", "Managers", "Misc", "Extensions",
        ]
        for file in Repository.sources + Repository.tests {
            for folder in file.folders where empty.contains(folder) {
                Issue.record("\(file.path) is in \(folder)")
            }
        }
    }

    @Test("a use case has a file of its own, named after it", arguments: features.sorted())
    func useCases(feature: String) {
        for file in Repository.sources(in: "Application/\(feature)") where !file.name.contains("+") {
            #expect(file.declaredTypes.contains(file.name), "\(file.path) declares \(file.declaredTypes)")
        }
    }

    @Test("A21: a use case that only asks changes nothing, but for the credits that come in with a new month")
    func queries() {
        let questions = ["Get", "List", "Search", "Identify"]
        let files = Repository.sources(in: "Application").filter { file in
            questions.contains(where: file.name.hasPrefix) && file.name != "GetCredits"
        }
        #expect(files.count > 15)
        for file in files where file.code.contains(where: { $0.contains("store.write") }) {
            Issue.record("\(file.path) writes")
        }
    }

    @Test("the rooms of Domain, Application and the API are the features")
    func featuresFirst() {
        func expect(_ file: SourceFile, at depth: Int, among rooms: Set<String>) {
            guard file.folders.count > depth else {
                Issue.record("\(file.path) is in no room")
                return
            }
            #expect(rooms.contains(file.folders[depth]), "\(file.path)")
        }
        let features = Self.features.union(["Shared"])
        for file in Repository.sources(in: "Domain") { expect(file, at: 2, among: features) }
        for file in Repository.sources(in: "Application") {
            expect(file, at: 2, among: features.union(["Ports", "InMemory"]))
        }
        for file in Repository.sources(in: "Presentation/API/V1") where file.folders.count > 4 {
            expect(file, at: 4, among: features)
        }
    }
}

/// Expects that `users` name no type that `owned` declare, unless they declare one of that name themselves.
private func expectNoUse(of owned: [SourceFile], by users: [SourceFile]) {
    let types = Set(owned.flatMap(\.declaredTypes)).subtracting(users.flatMap(\.declaredTypes))
    for file in users {
        for type in file.words.intersection(types).sorted() {
            let owner = owned.first { $0.declaredTypes.contains(type) }?.path ?? ""
            Issue.record("\(file.path) uses \(type) of \(owner)")
        }
    }
}
