#include "calendar.h"

static int64_t floor_divide(int64_t a, int64_t b) {
    return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

static int64_t floor_remainder(int64_t a, int64_t b) {
    return a - floor_divide(a, b) * b;
}

int64_t lh_days(int64_t year, int64_t month, int64_t day) {
    year += floor_divide(month - 1, 12);
    month = floor_remainder(month - 1, 12) + 1;
    // Years begin in March here, so that the leap day is the last of one.
    if (month <= 2) {
        year--;
    }
    const int64_t era = floor_divide(year, 400), year_of_era = year - era * 400;
    const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5;
    const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468 + (day - 1);
}

lh_date lh_date_at(int64_t seconds) {
    lh_date date;
    const int64_t days = floor_divide(seconds, 86400), rest = floor_remainder(seconds, 86400);
    date.hour = (int)(rest / 3600);
    date.minute = (int)(rest % 3600 / 60);
    date.second = (int)(rest % 60);
    date.weekday = (int)floor_remainder(days + 4, 7);
    const int64_t shifted = days + 719468, era = floor_divide(shifted, 146097), day_of_era = shifted - era * 146097;
    const int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int64_t month_from_march = (5 * day_of_year + 2) / 153;
    date.day = (int)(day_of_year - (153 * month_from_march + 2) / 5 + 1);
    date.month = (int)(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
    date.year = year_of_era + era * 400 + (date.month <= 2);
    date.year_day = (int)(days - lh_days(date.year, 1, 1));
    return date;
}

int lh_iso_week(const lh_date *date, int64_t *year) {
    // The week belongs to the year of its Thursday.
    const int from_monday = (date->weekday + 6) % 7;
    const lh_date thursday = lh_date_at((lh_days(date->year, date->month, date->day) - from_monday + 3) * 86400);
    *year = thursday.year;
    return thursday.year_day / 7 + 1;
}
