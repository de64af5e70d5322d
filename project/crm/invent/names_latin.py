"""Common names in Latin letters, as their bearers write them."""

from project.crm.invent.words import words

ITALIAN_WOMEN = words("""
    Giulia, Francesca, Chiara, Martina, Sara, Alessia, Elena, Valentina, Silvia, Federica, Anna,
    Maria, Laura, Paola, Roberta, Simona, Cristina, Barbara, Monica, Daniela, Stefania, Elisa,
    Giorgia, Beatrice, Alice, Camilla, Ludovica, Margherita, Caterina, Lucia, Teresa, Rosa,
    Carla, Franca, Giovanna, Patrizia, Antonella, Donatella, Ornella, Loredana, Ilaria, Noemi,
    Desirée, Maria Grazia, Anna Maria, Maria Luisa, Maria Teresa, Emanuela, Michela, Marta,
    Irene, Serena, Viola, Bianca, Matilde, Agnese, Ginevra, Nicoletta, Luisa, Graziella
""")
ITALIAN_MEN = words("""
    Marco, Luca, Andrea, Matteo, Alessandro, Francesco, Davide, Lorenzo, Simone, Giuseppe,
    Giovanni, Antonio, Paolo, Roberto, Stefano, Alberto, Claudio, Fabio, Massimo, Riccardo,
    Giorgio, Federico, Nicolò, Niccolò, Pietro, Tommaso, Filippo, Edoardo, Emanuele, Enrico,
    Carlo, Mario, Luigi, Franco, Bruno, Sergio, Renato, Aldo, Gianluca, Gianni, Piergiorgio,
    Gian Luca, Pier Paolo, Giacomo, Daniele, Michele, Vincenzo, Salvatore, Domenico, Raffaele,
    Umberto, Vittorio, Silvio, Dario, Mauro, Maurizio, Noè, Giosuè, Samuele, Elia
""")
ITALIAN_FAMILIES = words("""
    Ferrero, Rossi, Russo, Ferrari, Esposito, Bianchi, Romano, Colombo, Ricci, Marino, Greco,
    Bruno, Gallo, Conti, De Luca, Mancini, Costa, Giordano, Rizzo, Lombardi, Moretti, Barbieri,
    Fontana, Santoro, Mariani, Rinaldi, Caruso, Ferrara, Galli, Martini, Leone, Longo, Gentile,
    Martinelli, Vitale, Lombardo, Serra, Coppola, De Santis, D'Angelo, Marchetti, Parisi, Villa,
    Conte, Ferraro, Fabbri, Bianco, Marini, Grasso, Valentini, Messina, Sala, De Angelis, Gatti,
    Pellegrini, Palumbo, Sanna, Farina, Rizzi, Monti, Cattaneo, Morelli, Amato, Silvestri, Mazza,
    Testa, Grassi, Pellegrino, Carbone, Giuliani, Benedetti, Barone, Rossetti, Caputo, Montanari,
    Guerra, Palmieri, Bernardi, Martino, Fiore, De Rosa, Ferretti, Bellini, Basile, Riva, Donati,
    Piras, Vitali, Battaglia, Sartori, Neri, Costantini, Milani, Pagano, Ruggiero, Sorrentino,
    D'Amico, Orlando, Damico, Negri, Dell'Acqua, Dell'Orto, D'Agostino, D'Alessandro, D'Onofrio,
    Dall'Asta, Dell'Aquila, Lo Presti, La Rocca, Li Volsi, Di Stefano, Di Pietro, Della Valle,
    Dalla Costa, Degli Esposti, Cantù, Viganò, Pellicanò, Nicolò, Colò, Mondò, Gramaglia, Bosco,
    Boero, Cerrato, Gai, Gavuzzi, Goria, Musso, Novara, Penna, Quaglia, Ravizza, Scaglione,
    Stella, Torchio, Vacca, Valfrè, Viarengo, Bertolino, Borgogno, Cavallo, Fassone, Gallesio,
    Gruber, Mair, Höllrigl, Pichler, Rossi Ferrero, Bianchi Costa
""")
ENGLISH_WOMEN = words("""
    Olivia, Amelia, Charlotte, Emily, Sophie, Grace, Hannah, Lucy, Emma, Jessica, Rebecca, Sarah,
    Rachel, Laura, Katherine, Victoria, Elizabeth, Margaret, Helen, Alison, Fiona, Heather,
    Jennifer, Susan, Karen, Nicola, Joanne, Claire, Louise, Zoë, Chloë, Renée, Siân, Angharad,
    Eilidh, Isla, Freya, Harriet, Imogen, Phoebe, Rosalind, Priya, Aisha, Mei-Ling, Anne-Marie
""")
ENGLISH_MEN = words("""
    Oliver, George, Harry, Jack, Thomas, James, William, Daniel, Matthew, Andrew, David, Michael,
    Peter, Stephen, Robert, Richard, Paul, Mark, Simon, Nicholas, Christopher, Jonathan, Edward,
    Henry, Charles, Alexander, Benjamin, Samuel, Joseph, Alan, Graham, Keith, Malcolm, Neil,
    Hamish, Callum, Ewan, Rhys, Gareth, André, Imran, Arjun, Kwame, Theo, John-Paul
""")
BRITISH_FAMILIES = words("""
    Smith, Jones, Taylor, Brown, Williams, Wilson, Johnson, Davies, Robinson, Wright, Thompson,
    Evans, Walker, White, Roberts, Green, Hall, Wood, Jackson, Clarke, Patel, Khan, Lewis, Hughes,
    Edwards, Hill, Moore, Cooper, Ward, Turner, Morris, Baker, Harrison, Allen, Campbell, Mitchell,
    Stewart, Anderson, Fraser, MacDonald, McKenzie, Murray, Sinclair, Griffiths, Llewellyn, Pugh,
    Singh, Ahmed, Begum, Okafor, Fox-Davies, Smith-Jones, Hope-Johnstone, Brontë, Featherstone,
    Ashworth, Barraclough, Cholmondeley, Fairweather, Hawthorne, Pemberton, Shepherd, Thorne
""")
IRISH_WOMEN = words("""
    Aoife, Niamh, Saoirse, Róisín, Sinéad, Gráinne, Órla, Caoimhe, Ciara, Clíona, Mary, Emer,
    Maeve, Deirdre, Bríd, Fionnuala
""")
IRISH_MEN = words("""
    Seán, Conor, Ciarán, Pádraig, Eoin, Oisín, Cillian, Declan, Brendan, Tadhg, Séamus, Rónán,
    Dónal, Colm, Patrick, Liam
""")
IRISH_FAMILIES = words("""
    Murphy, Kelly, O'Sullivan, Walsh, O'Brien, Byrne, Ryan, O'Connor, O'Neill, O'Reilly, Doyle,
    McCarthy, Gallagher, Doherty, Kennedy, Lynch, Ní Dhomhnaill, Ó Briain, Mac Gabhann, Fitzgerald
""")
AMERICAN_FAMILIES = words("""
    Johnson, Miller, Davis, Anderson, Thomas, Martin, Lee, Harris, Clark, Young, King, Scott,
    Nelson, Carter, Perez, Rivera, Nguyen, Kim, Cohen, Schwartz, Hoffman, Müller, Kowalski,
    DiMaggio, D'Antonio, Peterson, Olsen, Washington, Jefferson, Brooks, Bennett, Reed, Cook,
    Van der Berg, St. James, O'Hara, Nuñez, Ibáñez, Bailey, Sullivan, Foster, Powell, Hayes
""")
SPANISH_WOMEN = words("""
    María, Carmen, Ana, Isabel, Laura, Cristina, Marta, Lucía, Elena, Pilar, Rosa, Teresa, Sofía,
    Paula, Raquel, Beatriz, Silvia, Patricia, Mónica, Nuria, Inés, Rocío, Begoña, Montserrat,
    Mercedes, Dolores, Alba, Irene, Julia, Clara, Itziar, Nerea, Aránzazu, Núria, Meritxell,
    María José, María del Carmen, Ana Belén, María Ángeles, María Jesús, Rosa María, Eva María,
    María del Mar, Guadalupe, Ximena
""")
SPANISH_MEN = words("""
    José, Antonio, Manuel, Francisco, Juan, David, Javier, Daniel, Carlos, Jesús, Alejandro,
    Miguel, Rafael, Pablo, Pedro, Ángel, Sergio, Fernando, Jorge, Luis, Alberto, Álvaro, Adrián,
    Diego, Iván, Raúl, Rubén, Óscar, Íñigo, Iñaki, Andrés, Joaquín, Santiago, Ramón, Víctor,
    José Luis, José Antonio, Juan Carlos, Francisco Javier, José María, Miguel Ángel, Luis Alberto,
    Jordi, Xosé, Emiliano
""")
SPANISH_FAMILIES = words("""
    García, González, Rodríguez, Fernández, López, Martínez, Sánchez, Pérez, Gómez, Martín,
    Jiménez, Ruiz, Hernández, Díaz, Moreno, Muñoz, Álvarez, Romero, Alonso, Gutiérrez, Navarro,
    Torres, Domínguez, Vázquez, Ramos, Gil, Ramírez, Serrano, Blanco, Molina, Morales, Suárez,
    Ortega, Delgado, Castro, Ortiz, Rubio, Marín, Sanz, Núñez, Iglesias, Medina, Garrido, Cortés,
    Castillo, Santos, Lozano, Guerrero, Cano, Prieto, Méndez, Cruz, Calvo, Gallego, Vidal, León,
    Márquez, Herrera, Peña, Flores, Cabrera, Campos, Vega, Fuentes, Carrasco, Ibáñez, Etxebarria,
    Goikoetxea, Puig, Güell, de la Fuente, de la Torre, del Río, de los Santos, San Martín,
    Sáenz de Tejada, Ruiz de Alarcón, Fernández de Córdoba, Ponce de León
""")
