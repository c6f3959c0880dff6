// Days and dates of the Gregorian calendar, without the process's time zone.
#ifndef MOONWIRE_LH_CALENDAR_H
#define MOONWIRE_LH_CALENDAR_H

#include <stdint.h>

typedef struct {
    int64_t year;
    int month;    ///< 1 to 12
    int day;      ///< 1 to 31
    int hour, minute, second;
    int weekday;  ///< 0 is Sunday
    int year_day; ///< 0 to 365
} lh_date;

/// Days since 1970-01-01. `month` may lie outside of a year, `day` outside of a month.
int64_t lh_days(int64_t year, int64_t month, int64_t day);
lh_date lh_date_at(int64_t seconds);
/// ISO 8601 week and the year it belongs to.
int lh_iso_week(const lh_date *date, int64_t *year);

#endif
