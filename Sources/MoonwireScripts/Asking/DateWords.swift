import Moonwire

/// The words of dates in English, Arabic, Spanish, Russian and German, folded.
enum DateWords {
    /// The month, from 1, that a word or a pair of words names; also by its first letters, from the third on.
    static func month(_ word: String) -> Int? {
        if let month = months[word] { return month }
        guard word.count >= 3 else { return nil }
        let meant = Set(months.lazy.filter { $0.key.hasPrefix(word) }.map(\.value))
        return meant.count == 1 ? meant.first : nil
    }

    /// From 1, Monday, to 7, Sunday.
    static func weekday(_ word: String) -> Int? { weekdays[word] }

    /// How many days after today a phrase names.
    static func distance(_ phrase: String) -> Int? { distances[phrase] }

    /// What may stand between the parts of a date without changing it.
    static let fillers: Set<String> = folded(
        """
        the, of, on, in, next, this, coming, am, der, den, dem, im, nächsten, nächster, nächste, kommenden, kommender,
        diesen, el, la, los, de, del, este, próximo, que, viene, в, во, на, следующий, следующую, следующее, этот, эту,
        это, ближайший, ближайшую, го, г, год, года, يوم, في, من, عام, سنة, هذا, القادم, القادمة, الجاي, شهر, م
        """)

    private static let months = numbered(
        [
            "january, januar, jänner, jaenner, enero, января, январь, يناير, كانون الثاني, جانفي",
            "february, februar, feber, febrero, февраля, февраль, فبراير, شباط, فيفري",
            "march, märz, maerz, marzo, марта, март, مارس, آذار",
            "april, abril, апреля, апрель, أبريل, إبريل, نيسان, أفريل",
            "may, mai, mayo, мая, май, مايو, أيار, ماي",
            "june, juni, junio, июня, июнь, يونيو, يونيه, حزيران, جوان",
            "july, juli, julio, июля, июль, يوليو, يوليه, تموز, جويلية",
            "august, agosto, августа, август, أغسطس, آب, أوت",
            "september, septiembre, setiembre, сентября, сентябрь, سبتمبر, أيلول",
            "october, oktober, octubre, октября, октябрь, أكتوبر, تشرين الأول",
            "november, noviembre, ноября, ноябрь, نوفمبر, تشرين الثاني",
            "december, dezember, diciembre, декабря, декабрь, ديسمبر, كانون الأول",
        ], from: 1)

    private static let weekdays = numbered(
        [
            "monday, mon, montag, lunes, понедельник, пн, الاثنين, الإثنين, اثنين",
            "tuesday, tue, tues, dienstag, martes, вторник, вт, الثلاثاء, الثلاثا, ثلاثاء",
            "wednesday, wed, mittwoch, miércoles, среда, среду, ср, الأربعاء, الأربعا, أربعاء",
            "thursday, thu, thur, thurs, donnerstag, jueves, четверг, чт, الخميس, خميس",
            "friday, fri, freitag, viernes, пятница, пятницу, пт, الجمعة, جمعة",
            "saturday, sat, samstag, sonnabend, sábado, суббота, субботу, сб, السبت, سبت",
            "sunday, sun, sonntag, domingo, воскресенье, вс, الأحد, أحد",
        ], from: 1)

    private static let distances = numbered(
        [
            "day before yesterday, the day before yesterday, vorgestern, anteayer, позавчера, أول أمس, قبل أمس",
            "yesterday, gestern, ayer, вчера, أمس, امبارح, البارحة",
            "today, heute, hoy, сегодня, اليوم",
            "tomorrow, morgen, mañana, завтра, غدا, بكرة, باكر",
            "day after tomorrow, the day after tomorrow, übermorgen, uebermorgen, pasado mañana, послезавтра, بعد غد, "
                + "بعد غدا, بعد بكرة",
        ], from: -2)

    private static func numbered(_ lists: [String], from first: Int) -> [String: Int] {
        var all: [String: Int] = [:]
        for (index, list) in lists.enumerated() {
            for word in folded(list) { all[word] = first + index }
        }
        return all
    }

    private static func folded(_ list: String) -> Set<String> {
        Set(list.split(separator: ",").map { FoldedText.joinedWords(String($0)) })
    }
}
