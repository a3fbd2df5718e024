import Domain
import Testing

/// A talk with stories planted in it, whose word times are known.
struct Talk: Sendable, CustomTestStringConvertible {
    let name: String
    let transcript: Transcript
    /// The spans of the planted stories.
    let stories: [TimeSpan]
    let signals: RankingSignals

    let testDescription: String

    /// Speaks the paragraphs one after the other; those that begin with `*` are the planted stories.
    init(_ name: String, punctuated: Bool = true, _ text: String) {
        self.name = name
        testDescription = punctuated ? name : name + ", without punctuation"
        var words: [Word] = []
        var stories: [TimeSpan] = []
        var time = 0.8
        for paragraph in text.split(separator: "\n") {
            let start = time
            for written in paragraph.drop(while: { $0 == "*" }).split(separator: " ") {
                let length = 0.12 + 0.055 * Double(written.count)
                let isEnd = written.last.map { ".?!".contains($0) } ?? false
                let shown =
                    punctuated
                    ? String(written)
                    : written.lowercased().filter { $0.isLetter || $0.isNumber || $0 == "'" }
                words.append(Word(text: shown, span: TimeSpan(start: time, end: time + length)))
                time += length + (isEnd ? 0.55 : written.last == "," ? 0.15 : 0.01)
            }
            if paragraph.first == "*" { stories.append(TimeSpan(start: start, end: time - 0.55)) }
            time += 0.6
        }
        transcript = Transcript(words: words, language: "en", engine: "script")
        self.stories = stories
        signals = RankingSignals(
            duration: time + 1, loudness: [], loudnessInterval: 0.1,
            pictures: PictureTrack(samples: [], cuts: [], end: time + 1))
    }

    /// How much of the planted stories the spans show, 0–1.
    func recall(of spans: [TimeSpan]) -> Double {
        let shown = stories.reduce(0) { sum, story in sum + spans.reduce(0) { $0 + $1.overlap(with: story) } }
        return shown / stories.reduce(0) { $0 + $1.duration }
    }

    static let all = [
        Talk("garden", garden), Talk("lighthouse", lighthouse), Talk("factory", factory),
    ]
    static let unpunctuated = [
        Talk("garden", punctuated: false, garden), Talk("lighthouse", punctuated: false, lighthouse),
        Talk("factory", punctuated: false, factory),
    ]

    private static let garden = """
        Good morning everyone and welcome to the spring meeting of the allotment society. Before we start, the restrooms are down the hall on the left. Coffee will be served at half past ten in the small room. Please switch your telephones to silent. The minutes of the autumn meeting are on the table by the door. Members who have not paid the fee can do so with Martin after the meeting.
        The society was registered in the usual way and follows the statutes of the regional association. The statutes describe the rights and duties of the members. The board consists of a chair, a treasurer and a secretary. The board is elected by the members for a regular term. The regional association publishes a list of recommended plants. The list is updated from time to time and can be read on the board by the shed.
        *Have you ever tried to feed a whole family from a patch smaller than a parking space? When I lost my job in 2009, I dug up the lawn behind our house with my grandmother's spade. The neighbours laughed at me. But by August we had harvested two hundred kilos of tomatoes, beans and potatoes. My daughter stood in the kitchen, looked at the shelves full of jars and said, we are rich. I cried. That patch of tomatoes saved us more than four thousand dollars that year, and it changed what I think wealth is.
        The soil in this district is mostly loam with some sand. Loam holds water and warms slowly in the season. The association recommends compost, which can be collected at the usual place. The compost should be spread evenly. The tools should be cleaned and stored in the shed. The shed should be locked after use. The key should be returned to the hook.
        The water is measured by the meter near the gate. The meter is read at the end of the season. The water is divided among the plots according to their area. The hoses are to be rolled up. The taps are to be closed in the evening. The tank is to be covered.
        *Last summer something happened that nobody in this room will ever forget. One night in July the bees disappeared. I walked to the hives at five in the morning and there was not a sound, forty thousand bees were simply gone. I called an old beekeeper, and he asked me only one question. What did you spray? We had used a powder against ants, one single spoon of it. Never trust a label that says harmless! It took us two years and eleven new swarms until the orchard hummed again.
        The paths between the plots are to be kept free. The hedges are to be cut to the height given in the statutes. The waste is collected in the containers. The green waste is collected separately. The containers are emptied in turn. The order is posted on the board by the shed. The statutes also describe the use of the common lawn. The common lawn is mown by the members in turn.
        *Here is a secret that the seed companies do not want you to know. You can keep your own seeds, for free, for ever. A monk in Austria told me this, and I thought he was joking. He opened a drawer and showed me lettuce seeds that his order had saved since 1743. Every packet you buy costs three dollars, yet the best seeds in the world are the ones that fall from your own plants. What if your grandchildren could eat exactly the same lettuce as you? Save one plant, just one, and let it bloom.
        The next item is the report of the treasurer. The report lists the income and the expenses. The income consists of the fees and of the contribution of the association. The expenses consist of the rent, the water and the insurance. The insurance was renewed in the usual form. The report was checked by the auditors. The auditors found the report to be in order.
        That is all for today. Thank you for coming, and please put the chairs back. The next meeting will be announced by letter. Any questions can be sent to the board. Goodbye and a good season.
        """

    private static let lighthouse = """
        Hello everyone, my name is Clara, and in this talk we will go over the coastal signalling service. Can everyone hear me at the back? The slides will be available later. I will begin with the administration, then go on to the equipment, and then to the regulations. Next slide, please.
        The service is divided into districts. Each district has an office. The office keeps the records of the stations. The records contain the dates of inspection and the names of the inspectors. The inspectors report to the office. The office reports to the department. The department prepares a summary for the ministry.
        The equipment of a station consists of a lamp, a lens and a mechanism. The lamp is described in the first part of the manual. The lens is described in the second part of the manual. The mechanism is described in the third part. The parts of the manual are revised separately. The revisions are numbered.
        *In 1838 a young woman did something that no trained sailor dared to do. Grace Darling woke at four in the morning and saw a ship broken on the rocks, with nine people clinging to the wreck. Her father said it was impossible to row out in that storm. She took the oars anyway. They rowed a mile through waves as high as a house, in a boat made for two. Why did she go? She said she could hear a mother screaming. Nine people lived because one girl of twenty two refused to go back to bed.
        The regulations concern the height, the colour and the interval of the signal. The height is given above the mean level. The colour is given by the chart. The interval is given in the list of signals. The list of signals is published by the office. The chart is published by the department. Copies can be obtained from the office of the district.
        The maintenance of the stations follows a schedule. The schedule provides for cleaning, painting and oiling. The cleaning is carried out by the keepers. The painting is carried out by the contractor. The oil is supplied by the depot. The depot keeps a register of the oil that is supplied.
        *Three men vanished from a lighthouse, and to this day nobody knows how. On the Flannan Isles in December 1900, a relief boat arrived and found the door closed, the beds made and the clock stopped. One coat was still hanging on its hook. Who leaves for a winter storm without his coat? I went there myself last year, and I was terrified by the silence. Most people believe a giant wave swept them away, but the last page of the log tells of strong men crying and praying. You can still read it.
        The costs of the service are met from the dues. The dues are collected in the harbours. The harbours transfer the dues to the department. The department distributes the dues among the districts. The distribution follows the number of stations in the district. The accounts are examined by the audit office.
        Training takes place at the school of the service. The school offers courses for keepers and for inspectors. The courses are described in the prospectus. The prospectus can be obtained from the office. The courses end with an examination. The results of the examination are entered in the records.
        *You carry a lighthouse in your pocket and you never thank the man who invented it. Augustin Fresnel was a sick engineer, laughed at by the greatest scientists in Paris. He discovered that you do not need a huge block of glass, you need only its edges. Suddenly a flame could be seen from twenty miles instead of five. It has been called the invention that saved a million ships. Your phone, your car and the projector behind me all use exactly this trick. He died at thirty nine, before he ever saw most of his lights burning.
        The appendix contains the forms. The forms are to be filled in by the keeper. The forms are to be signed by the inspector. The forms are to be sent to the office. Incomplete forms are returned. As I said, the slides will be available later. Thank you for listening.
        """

    private static let factory = """
        *Why would anyone burn seventy six new refrigerators in front of his own workers? In 1985 Zhang Ruimin took over a factory that was losing money every day. A customer came back with a broken refrigerator, and so he walked through the warehouse and found seventy six of them with faults. He handed his people sledgehammers. Some of them cried, because one refrigerator cost two years of wages. But they smashed every single one. Today that hammer is in a museum, and the company is the biggest in the world. You never forget a standard that you had to break with your own hands.
        With that we come to the agenda of the seminar. The seminar is organised by the institute. The first part deals with definitions. The second part deals with methods. The third part deals with documentation. The participants receive a folder. The folder contains the agenda, the list of participants and a form for the evaluation of the seminar.
        Quality is defined as the degree to which characteristics fulfil requirements. Characteristics are distinguishing features. Requirements are needs or expectations that are stated. The definitions are given in the standard. The standard is divided into clauses. The clauses are numbered. The numbers are referred to in the documentation.
        The methods are classified into qualitative and quantitative methods. The qualitative methods are used in the planning of the process. The quantitative methods are used in the control of the process. The process is described by a chart. The chart shows the steps and the responsibilities. The responsibilities are assigned by the management.
        *My friend Anna worked on the night shift in a factory for brake cables, and one night she heard a wrong sound. Not a loud one. The machine had always gone click clack, and now it went click click. Her boss told her to ignore it, the gauges were green, and every stopped minute cost nine hundred dollars. She stopped the line anyway. They found a crack thinner than a hair in a steel tool, and eleven thousand cables had to be called back. How many drivers are alive because somebody listened? We asked her later what she wanted as a reward. She said, let everyone have the button.
        The documentation is divided into three levels. The first level is the manual. The second level consists of the procedures. The third level consists of the instructions and the forms. The documents are to be approved before issue. The documents are to be reviewed at planned intervals. The documents are to be legible and identifiable.
        Records are to be kept as evidence of conformity. The records are to be stored in the archive. The archive is managed by the representative of the management. The representative reports to the management. The report is part of the review. The review is to be documented.
        *Imagine that you could make your best product by removing things instead of adding them. A toy company in Denmark was almost dead in 2003, it was losing a million dollars a day. They had twelve thousand different bricks, even a special piece for the beard of a wizard. A new director asked the children what they loved, and not one of them named a special piece! So they threw away half of all bricks. The surprising truth is that sales went up by ninety percent. The lesson is simple, your customers do not love your catalogue, they love what they can build.
        Audits are carried out at planned intervals. The audit is announced in writing. The auditor prepares a plan. The plan is agreed with the department. The findings are recorded in a report. The report is distributed to the persons concerned. Corrective actions are to be taken without undue delay.
        This brings us to the end of the seminar. The evaluation forms are in the folder. Please leave the forms at the reception. The certificates will be sent by post. Parking tickets can be stamped at the reception. Thank you for listening.
        """
}
