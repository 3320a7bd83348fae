#pragma once
#define isnan(number) __builtin_isnan(number)
double ceil(double number);
double fabs(double number);
double floor(double number);
double fmax(double a, double b);
double fmin(double a, double b);
double trunc(double number);
