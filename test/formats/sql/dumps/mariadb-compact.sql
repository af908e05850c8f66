/*M!999999\- enable the sandbox mode */ 
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `products` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT,
  `name` varchar(100) DEFAULT NULL COMMENT 'a ''name'', (with) signs;',
  `price` decimal(12,2) DEFAULT 0.00,
  `key` varchar(10) GENERATED ALWAYS AS (concat('k',`price`)) VIRTUAL,
  `since` datetime DEFAULT NULL,
  `picture` blob DEFAULT NULL,
  `flags` bit(3) DEFAULT NULL,
  `weight` double DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `by_name` (`name`)
) ENGINE=InnoDB AUTO_INCREMENT=9 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;
INSERT INTO `products` VALUES
(1,'one',1.00,'k1.00','2026-11-20 10:00:00',NULL,'',1.5),
(2,'it\'s \"two\"\\ with	tab, and\nlines; DROP TABLE products; -- no',-2.50,'k-2.50','0000-00-00 00:00:00','\0�\'\"\\\n\Z',NULL,1e30),
(3,'größe €𝄞 %_',NULL,NULL,NULL,'','\0',-0.001),
(4,'',4.00,'k4.00',NULL,'text',NULL,NULL),
(5,'/*!50000 not a comment */ `x` \'; # -- ',5.00,'k5.00',NULL,NULL,NULL,NULL);
/*!50003 SET @saved_cs_client      = @@character_set_client */ ;
/*!50003 SET @saved_cs_results     = @@character_set_results */ ;
/*!50003 SET @saved_col_connection = @@collation_connection */ ;
/*!50003 SET character_set_client  = utf8mb4 */ ;
/*!50003 SET character_set_results = utf8mb4 */ ;
/*!50003 SET collation_connection  = utf8mb4_general_ci */ ;
/*!50003 SET @saved_sql_mode       = @@sql_mode */ ;
/*!50003 SET sql_mode              = '' */ ;
DELIMITER ;;
/*!50003 CREATE*/ /*!50017 DEFINER=``*/ /*!50003 TRIGGER watch BEFORE INSERT ON products FOR EACH ROW BEGIN SET NEW.name = trim(NEW.name); UPDATE customers SET name = 'x' WHERE id = 0; END 
*/;;
DELIMITER ;
/*!50003 SET sql_mode              = @saved_sql_mode */ ;
/*!50003 SET character_set_client  = @saved_cs_client */ ;
/*!50003 SET character_set_results = @saved_cs_results */ ;
/*!50003 SET collation_connection  = @saved_col_connection */ ;
