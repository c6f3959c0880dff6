import Moonwire

/// Which dates a question takes.
struct DateRule {
    enum Bound: Hashable {
        case today
        case date(CalendarDate)

        /// From `today` or an ISO date.
        init?(_ text: String) {
            if text == "today" {
                self = .today
            } else if let date = CalendarDate(iso: text) {
                self = .date(date)
            } else {
                return nil
            }
        }

        func date(today: CalendarDate) -> CalendarDate {
            switch self {
            case .today: today
            case .date(let date): date
            }
        }
    }

    var order = DateText.Order.dayFirst
    var earliest: Bound?
    var latest: Bound?

    func read(_ said: String, today: CalendarDate) -> CalendarDate? {
        guard let date = DateText(order: order, today: today).read(said) else { return nil }
        if let earliest, date < earliest.date(today: today) { return nil }
        if let latest, date > latest.date(today: today) { return nil }
        return date
    }

    func hint(today: CalendarDate) -> String {
        switch (earliest?.date(today: today).iso, latest?.date(today: today).iso) {
        case (let earliest?, let latest?): "Please answer with a date from \(earliest) to \(latest)."
        case (let earliest?, nil): "Please answer with a date, \(earliest) or later."
        case (nil, let latest?): "Please answer with a date, \(latest) or earlier."
        case (nil, nil):
            "Please answer with a date, such as " + (order == .dayFirst ? "31.12." : "12/31/") + "\(today.year)."
        }
    }
}
