/// Wordings that tell how a sentence works on listeners.
///
/// The lists are English, where they help most; what stands in no list is told by punctuation, digits, pauses
/// and the other signals, which know no language.
struct RankingCues: OptionSet, Hashable {
    let rawValue: Int

    /// It asks.
    static let question = RankingCues(rawValue: 1)
    /// It names a number.
    static let number = RankingCues(rawValue: 2)
    /// It sets one thing against another.
    static let contrast = RankingCues(rawValue: 4)
    /// It tells of something that happened.
    static let story = RankingCues(rawValue: 8)
    /// It speaks to the listener.
    static let secondPerson = RankingCues(rawValue: 16)
    /// It uses strong words.
    static let strong = RankingCues(rawValue: 32)
    /// It serves the recording itself: greetings, sponsors, housekeeping.
    static let dull = RankingCues(rawValue: 64)
    /// It leans on what was said before.
    static let dependent = RankingCues(rawValue: 128)
    /// It opens a new subject.
    static let opener = RankingCues(rawValue: 256)

    /// The cues of a sentence.
    ///
    /// - Parameters:
    ///   - words: Its plain words: lower case, letters and digits only.
    ///   - asks: Whether it ends with a question mark.
    static func cues(of words: ArraySlice<String>, asks: Bool) -> RankingCues {
        var cues: RankingCues = asks ? .question : []
        let opening = words.drop { fillers.contains($0) }
        if let first = opening.first {
            if questionWords.contains(first), let second = opening.dropFirst().first,
                questionSeconds.contains(second)
            {
                cues.insert(.question)
            }
            if dependentOpenings.contains(first) { cues.insert(.dependent) }
        }
        if let first = words.first, openers.contains(first) { cues.insert(.opener) }
        for word in words {
            if isNumber(word) { cues.insert(.number) }
            if contrastWords.contains(word) { cues.insert(.contrast) }
            if storyWords.contains(word) { cues.insert(.story) }
            if secondPersonWords.contains(word) { cues.insert(.secondPerson) }
            if strongWords.contains(word) { cues.insert(.strong) }
            if dullWords.contains(word) { cues.insert(.dull) }
        }
        for index in words.indices {
            let rest = words[index...]
            if let cue = phrases[words[index]]?.first(where: { rest.starts(with: $0.words) }) {
                cues.insert(cue.cue)
            }
        }
        return cues
    }

    private static func isNumber(_ word: String) -> Bool {
        word.contains(where: \.isNumber) || numberWords.contains(word)
    }

    private static let fillers: Set<String> = [
        "um", "uh", "erm", "hmm", "well", "so", "okay", "ok", "now", "and", "but", "oh", "like", "right",
        "yeah",
    ]
    private static let questionWords: Set<String> = [
        "what", "why", "how", "who", "when", "where", "which", "do", "does", "did", "have", "has", "can",
        "could", "would", "is", "are", "should", "will",
    ]
    private static let questionSeconds: Set<String> = [
        "is", "are", "was", "were", "do", "does", "did", "can", "could", "would", "should", "will", "if",
        "you", "we", "they", "i", "it", "he", "she", "there", "many", "much", "long", "makes", "happens",
        "happened", "about", "anyone", "anybody", "this", "that", "else",
    ]
    private static let dependentOpenings: Set<String> = [
        "he", "she", "it", "they", "this", "that", "these", "those", "which", "because", "or", "then", "also",
        "him", "them", "its", "their", "therefore",
    ]
    private static let openers: Set<String> = [
        "now", "okay", "first", "second", "third", "next", "finally", "another", "meanwhile", "once",
        "imagine", "let", "lets", "one", "when", "here",
    ]
    private static let numberWords: Set<String> = [
        "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty",
        "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred", "hundreds", "thousand",
        "thousands", "million", "millions", "billion", "billions", "percent", "half", "twice", "double",
        "dozen",
    ]
    private static let contrastWords: Set<String> = [
        "but", "however", "instead", "although", "though", "yet", "despite", "unlike", "whereas", "actually",
        "contrary", "opposite", "rather", "except", "nevertheless", "wrong",
    ]
    private static let storyWords: Set<String> = [
        "remember", "suddenly", "happened", "realized", "realised", "discovered", "decided", "woke", "cried",
        "laughed", "ran", "shouted", "whispered", "lost", "found", "saved", "died", "fell", "escaped",
        "arrived", "met", "called", "told", "asked", "went", "came", "knocked", "walked", "drove", "born",
        "yesterday", "night", "morning", "story", "once", "grandmother", "grandfather", "mother", "father",
        "friend",
    ]
    private static let secondPersonWords: Set<String> = [
        "you", "your", "yours", "yourself", "youre", "youll", "youve", "youd", "imagine",
    ]
    private static let strongWords: Set<String> = [
        "never", "always", "best", "worst", "most", "biggest", "secret", "mistake", "mistakes", "truth",
        "surprising", "surprised", "surprise", "incredible", "amazing", "shocking", "terrible", "terrified",
        "dangerous", "impossible", "love", "hate", "fear", "afraid", "crazy", "huge", "changed", "change",
        "everything", "nobody", "everyone", "only", "greatest", "problem", "important", "powerful",
        "destroyed", "failed", "failure", "won", "win", "richest", "cheapest", "free", "exactly",
    ]
    private static let dullWords: Set<String> = [
        "subscribe", "sponsor", "sponsored", "sponsors", "newsletter", "housekeeping", "agenda", "slides",
        "wifi", "restrooms", "announcements", "announcement", "unsubscribe",
        "patreon", "promo",
    ]
    private static let phrases: [String: [(words: [String], cue: RankingCues)]] = {
        let list: [(RankingCues, [String])] = [
            (
                .dull,
                [
                    "welcome back", "welcome to", "welcome everyone", "good morning everyone",
                    "hello everyone",
                    "hi everyone", "thanks for watching", "thank you for watching", "thank you for coming",
                    "thanks for listening", "thank you for listening", "see you next",
                    "link in the description",
                    "like and subscribe", "hit the bell", "before we start", "before we begin",
                    "in this video",
                    "in this talk", "todays episode", "my name is", "next slide", "coffee break",
                    "lunch break",
                    "sign up", "can everyone hear", "can you hear me", "as i said", "as i mentioned",
                    "moving on",
                    "and so on", "that is all", "thats all", "any questions",
                ]
            ),
            (
                .story,
                [
                    "i was", "i went", "i had", "i saw", "i thought", "i remember", "i felt", "we were",
                    "we went",
                    "we had", "one day", "one night", "years ago", "last year", "last week", "last summer",
                    "last winter", "when i", "the first time", "there was", "there lived", "used to",
                    "he was",
                    "she was", "he said", "she said", "they were", "my father", "my mother", "my friend",
                ]
            ),
            (
                .contrast,
                [
                    "not just", "not only", "on the other hand", "in fact", "turns out", "even though",
                    "no longer",
                ]
            ),
            (.question, ["have you ever", "did you know", "do you know", "what if", "guess what"]),
            (.strong, ["the reason", "the point is", "the lesson", "here is why", "heres why", "the trick"]),
            (.opener, ["one of", "there was", "the next", "let me tell"]),
        ]
        var phrases: [String: [(words: [String], cue: RankingCues)]] = [:]
        for (cue, texts) in list {
            for text in texts {
                let words = text.split(separator: " ").map(String.init)
                guard let first = words.first else { continue }
                phrases[first, default: []].append((words, cue))
            }
        }
        return phrases
    }()

    /// English words that bind others together and carry no meaning of their own.
    static let functionWords: Set<String> = [
        "the", "and", "but", "for", "nor", "yet", "with", "without", "from", "into", "onto", "upon", "about",
        "after", "before", "between", "through", "during", "above", "below", "over", "under", "again", "then",
        "than", "that", "this", "these", "those", "there", "here", "where", "when", "what", "which", "who",
        "whom", "whose", "why", "how", "all", "any", "both", "each", "few", "more", "most", "other", "some",
        "such", "only", "own", "same", "too", "very", "can", "could", "will", "would", "shall", "should",
        "may",
        "might", "must", "have", "has", "had", "having", "does", "did", "doing", "done", "are", "was", "were",
        "been", "being", "is", "am", "be", "do", "you", "your", "yours", "she", "her", "hers", "him", "his",
        "its", "it", "they", "them", "their", "theirs", "our", "ours", "we", "us", "me", "my", "mine", "he",
        "not", "now", "just", "also", "because", "while", "until", "once", "out", "off", "down", "up", "in",
        "on", "at", "by", "to", "of", "as", "if", "or", "so", "no", "an", "a", "i", "im", "ive", "id", "ill",
        "dont", "doesnt", "didnt", "isnt", "arent", "wasnt", "werent", "cant", "couldnt", "wont", "wouldnt",
        "thats", "theres", "whats", "youre", "youve", "theyre", "weve", "were", "lets", "really", "like",
        "going", "gonna", "got", "get", "gets", "know", "well", "okay", "yeah", "right", "thing", "things",
        "something", "anything", "say", "says", "said", "one", "two", "first", "much", "many", "lot", "even",
        "still", "ever", "every", "back", "way", "make", "made", "let", "see", "come", "came", "went", "want",
        "put", "take", "took", "kind", "sort", "actually", "basically", "maybe", "um", "uh", "erm", "hmm",
    ]
}
