import FoundationEssentials
import Infrastructure
import Presentation

extension Command {
    /// `cutroom migrate`: brings the store to the newest schema.
    static let migrate = Command(
        words: ["migrate"],
        summary: "Makes the store where it is missing and brings it to the newest schema.",
        options: [Settings.json.declaration],
        examples: [
            Example(line: "cutroom migrate --data /srv/cutroom", summary: "before the new version is started")
        ]
    ) { invocation in
        let data = DataFolder(invocation.configuration, environment: invocation.environment)
        try data.make()
        let store = try CompositionRoot.openStore(data)
        store.database.close()
        let version = Migrations.all.last?.number ?? 0
        if invocation.configuration[Settings.json] {
            try invocation.output.writeJSON(["schema": "\(version)", "store": data.database])
        } else {
            invocation.output.writeLine("\(data.database) has schema \(version)")
        }
        return .done
    }

    /// `cutroom backup`: a consistent copy of the store while it serves.
    static let backup = Command(
        words: ["backup"],
        summary: "Copies the database, consistent while a server goes on; copy media/ after it.",
        arguments: [Argument(name: "FILE", summary: "where the copy goes; it appears when it is whole")],
        options: [Settings.json.declaration],
        examples: [Example(line: "cutroom backup /backup/cutroom.sqlite", summary: "a copy to keep")]
    ) { invocation in
        let data = DataFolder(invocation.configuration, environment: invocation.environment)
        guard FileManager.default.fileExists(atPath: data.database) else {
            throw CommandFailure(line: "there is no store at \(data.database); --data names the data folder")
        }
        let file = invocation.arguments[0]
        do {
            try await SQLiteBackup(of: data.database)(to: file)
        } catch {
            throw CommandFailure(line: "the copy \(file) cannot be made: \(error)")
        }
        if invocation.configuration[Settings.json] {
            try invocation.output.writeJSON(["file": file])
        } else {
            invocation.output.writeLine("copied \(data.database) to \(file)")
        }
        return .done
    }

    /// `cutroom openapi`: the description of the HTTP API.
    static let openAPI = Command(
        words: ["openapi"],
        summary: "Prints the OpenAPI 3.1 document of the HTTP API.",
        options: [Settings.accounts.declaration, Settings.json.declaration],
        examples: [
            Example(line: "cutroom openapi > openapi.json", summary: "for generators of clients"),
            Example(line: "cutroom openapi --accounts on", summary: "of a server where people sign in"),
        ]
    ) { invocation in
        invocation.output.writeDocument(try Backend(inMemory: invocation).api().openAPI)
        return .done
    }
}
